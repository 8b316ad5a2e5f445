"""Calls of the handler: in order for each host, and a slow one of one host keeps back no other.

A mailbox exists only while calls wait in it, so ten thousand quiet agents cost nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from prometheus_client import Counter

Call = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Box:
    calls: deque[Call] = field(default_factory=deque)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Mailboxes:
    """The calls that wait, by host."""

    def __init__(self, capacity: int, errors: Counter) -> None:
        self._capacity = capacity
        self._errors = errors
        self._boxes: dict[str, _Box] = {}

    async def put(self, host: str, call: Call, *, seconds: float) -> bool:
        """Queue a call; False if the queue of this host stayed full for so long."""
        box = self._boxes.get(host)
        if box is not None and len(box.calls) >= self._capacity:
            try:
                async with asyncio.timeout(seconds):
                    while len(box.calls) >= self._capacity:
                        box.room.clear()
                        await box.room.wait()
            except TimeoutError:
                return False
        self.put_now(host, call)
        return True

    def put_now(self, host: str, call: Call) -> None:
        """Queue a call even if the queue is full: for what happens once a connection, such as its end."""
        box = self._boxes.get(host)
        if box is None:
            box = self._boxes[host] = _Box()
            box.task = asyncio.create_task(self._work(host, box))
        box.calls.append(call)

    async def drain(self, seconds: float) -> None:
        """Wait until every call is done, at most so long; then give up on those that remain."""
        tasks = [box.task for box in self._boxes.values() if box.task is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            _log.warning("gave up on the last events of %d hosts after %g s", len(late), seconds)
            await asyncio.wait(late)

    async def _work(self, host: str, box: _Box) -> None:
        try:
            while box.calls:
                call = box.calls.popleft()
                box.room.set()
                try:
                    await call()
                except Exception:  # noqa: BLE001 # it must end neither the connection nor the events after it
                    self._errors.inc()
                    _log.exception("an event of host %s was lost", host)
        finally:
            if self._boxes.get(host) is box:
                del self._boxes[host]
