"""What the server does by itself, again and again: one runner for every reconcile loop.

A step reads the state of the world and moves it closer to what is wanted (level-triggered), so it may be called at any
time, twice, or late. A loop calls its step every so often and at once when it is woken.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import structlog

_MAX_BACKOFF_SECONDS: Final = 60.0
# Of an interval: replicas that started together must not step together for ever.
_JITTER: Final = 0.1

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loop:
    """Something to do again and again.

    Attributes:
        name: in the log.
        step: does it once. An exception delays the next step, twice as long each time, and ends nothing.
        seconds: between the end of a step and the next one.
        wake: set by whoever knows that there is something to do now.
    """

    name: str
    step: Callable[[], Awaitable[object]]
    seconds: float
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Loops:
    """Loops that run while the block does: `async with Loops([...])`."""

    def __init__(self, loops: Sequence[Loop]) -> None:
        self._loops = loops
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start them."""
        self._tasks = [asyncio.create_task(self._run(loop), name=f"loop {loop.name}") for loop in self._loops]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the steps under way end, then stop."""
        await self.stop()

    async def stop(self, *, within_seconds: float = 10.0) -> None:
        """End every loop after its step, or in the middle of one that takes longer. Safe to call twice."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within_seconds)
            for task in late:
                _log.warning("step cut short", loop=task.get_name())
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _run(self, loop: Loop) -> None:
        failures = 0
        while not self._stopping.is_set():
            loop.wake.clear()
            try:
                await loop.step()
                failures = 0
            except Exception as error:  # noqa: BLE001 - a step that fails must not end the loop
                failures += 1
                _log.exception("step failed", loop=loop.name, failures=failures, error=repr(error))
            await self._pause(loop, failures)

    async def _pause(self, loop: Loop, failures: int) -> None:
        """Wait for the interval, or for a bell; after a failure the bell alone does not shorten the wait."""
        seconds = min(loop.seconds * 2**failures, max(loop.seconds, _MAX_BACKOFF_SECONDS))
        seconds *= 1 + _JITTER * random.random()  # noqa: S311 - spreads load, guards nothing
        bells = [self._stopping] if failures else [self._stopping, loop.wake]
        waits = [asyncio.create_task(bell.wait()) for bell in bells]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
