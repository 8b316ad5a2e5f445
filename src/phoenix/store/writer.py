"""Turns at writing: who may open a transaction, in the order asked, and how a turn ends whatever happens to its task.

Called by `database` only.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

from phoenix.store.errors import DatabaseBusyError

WRITER_WAIT_SECONDS: Final = 10.0
# More than this are not waiting but piling up: telling them at once keeps memory and answers bounded.
WAITING_AT_MOST: Final = 1000


class Turns:
    """Hands out turns, one at a time (SQLite) or without limit (PostgreSQL, which locks rows itself)."""

    def __init__(self, *, at_once: int | None, wait_seconds: float) -> None:
        # asyncio's semaphore is first come, first served, and survives a cancelled waiter.
        self._slots = None if at_once is None else asyncio.Semaphore(at_once)
        self._wait_seconds = wait_seconds
        self._waiting = 0
        self._holders: set[asyncio.Task[Any]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    async def take(self, where: str) -> "Turn":
        """Return a turn once there is one.

        Raises:
            DatabaseBusyError: none came within the time limit, or too many wait already.
            RuntimeError: the task holds a turn already and would wait for itself.
        """
        task = _current_task()
        if task in self._holders:
            raise RuntimeError("a transaction was opened inside a transaction: pass the session instead")
        await self._wait(where)
        self._holders.add(task)
        return Turn(self, task)

    async def settle(self) -> None:
        """Wait until every turn that is ending has ended."""
        while self._ending:
            await asyncio.wait(self._ending)

    async def _wait(self, where: str) -> None:
        if self._slots is None:
            return
        if self._waiting >= WAITING_AT_MOST:
            raise DatabaseBusyError(f"{self._waiting} others wait to write to {where}", holders=self._names())
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseBusyError(
                f"no turn to write to {where} came in {self._wait_seconds:g} s",
                waited_seconds=self._wait_seconds,
                holders=self._names(),
            ) from None
        finally:
            self._waiting -= 1

    def _names(self) -> list[str]:
        return [task.get_name() for task in self._holders]

    def ending(self, holder: asyncio.Task[Any], closing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Return a task that closes a session and then gives the turn back; it outlives the one that asked."""
        # A holder that is cancelled may ask for its next turn while this one is still ending: that one waits.
        self._holders.discard(holder)
        task = asyncio.get_running_loop().create_task(self._end(closing))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    async def _end(self, closing: Coroutine[Any, Any, None]) -> None:
        try:
            await closing
        finally:
            if self._slots is not None:
                self._slots.release()


@dataclass(frozen=True, eq=False)
class Turn:
    """The right to write until `end`."""

    turns: Turns
    holder: asyncio.Task[Any]

    async def end(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close the session, then give the turn back: in a task of its own.

        A cancelled caller may be cancelled again at each wait (anyio's scopes do that); the next writer must still find
        the connection rolled back.
        """
        await asyncio.shield(self.turns.ending(self.holder, closing))


def _current_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a transaction needs a task")
    return task
