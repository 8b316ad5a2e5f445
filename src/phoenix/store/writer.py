"""Turns at writing: who may write, in the order asked, and how a turn ends whatever happens to its task.

A turn is taken at a transaction's first statement, not when it is opened: what a service does before, such as asking
the real collector, holds up nobody. Called by `database` only.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only
from sqlalchemy.util.concurrency import in_greenlet

from phoenix.store.errors import DatabaseBusyError

WRITER_WAIT_SECONDS: Final = 10.0
# More than this are not waiting but piling up: telling them at once keeps memory and answers bounded.
WAITING_AT_MOST: Final = 1000
_TURN: Final = "phoenix_turn"


class Turns:
    """Hands out turns: one at a time (SQLite), or at once to everybody (PostgreSQL, which locks rows itself)."""

    def __init__(self, where: str, *, one_at_a_time: bool, wait_seconds: float) -> None:
        self.where = where
        self.wait_seconds = wait_seconds
        # asyncio's semaphore is first come, first served, and survives a waiter that is cancelled.
        self.slot = asyncio.Semaphore(1) if one_at_a_time else None
        self.waiting = 0
        self.holder: Turn | None = None
        self._open: set[asyncio.Task[Any]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def open(self) -> "Turn":
        """Return a turn that is not taken yet.

        Raises:
            RuntimeError: the task has one open already and would wait for itself.
        """
        task = asyncio.current_task()
        if task is None or task in self._open:
            raise RuntimeError("a transaction was opened inside a transaction: pass the session instead")
        self._open.add(task)
        return Turn(self, task)

    def end(self, turn: "Turn", closing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Return a task that closes the session and then gives the turn back; it outlives the one that asked."""
        # A task that is cancelled may open its next transaction while this one still ends: that one waits its turn.
        self._open.discard(turn.task)
        task = asyncio.get_running_loop().create_task(self._end(turn, closing))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    async def _end(self, turn: "Turn", closing: Coroutine[Any, Any, None]) -> None:
        try:
            await closing
        finally:
            turn.give_back()

    async def settle(self) -> None:
        """Wait until every turn that is ending has ended."""
        while self._ending:
            await asyncio.wait(self._ending)


class Turn:
    """A transaction's right to write, from its first statement until its end."""

    def __init__(self, turns: Turns, task: asyncio.Task[Any]) -> None:
        self.task = task
        self._turns = turns
        self.taken_at: float | None = None

    async def take(self) -> None:
        """Wait for the turn, unless it is taken already.

        Raises:
            DatabaseBusyError: it did not come within the time limit, or too many wait already.
        """
        turns = self._turns
        if self.taken_at is not None or turns.slot is None:
            return
        if turns.waiting >= WAITING_AT_MOST:
            raise self._busy(f"{turns.waiting} others wait to write to {turns.where}")
        turns.waiting += 1
        try:
            async with asyncio.timeout(turns.wait_seconds):
                await turns.slot.acquire()
        except TimeoutError:
            raise self._busy(f"no turn to write to {turns.where} came in {turns.wait_seconds:g} s") from None
        finally:
            turns.waiting -= 1
        self.taken_at, turns.holder = time.monotonic(), self

    async def end(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close the session, then give the turn back: in a task of its own.

        A cancelled caller may be cancelled again at each wait (anyio's scopes do that); the next writer must still find
        the connection rolled back.
        """
        await asyncio.shield(self._turns.end(self, closing))

    def give_back(self) -> None:
        """Let the next one write. Safe when the turn was never taken."""
        if self.taken_at is not None and self._turns.slot is not None:
            self.taken_at, self._turns.holder = None, None
            self._turns.slot.release()

    def _busy(self, message: str) -> DatabaseBusyError:
        holder = self._turns.holder
        name = holder.task.get_name() if holder else None
        held = round(time.monotonic() - holder.taken_at, 1) if holder and holder.taken_at is not None else None
        waited = self._turns.wait_seconds
        return DatabaseBusyError(message, waited_seconds=waited, holder=name, held_seconds=held)


class WritingSession(Session):
    """A session that takes its turn before its first statement. Always inside an AsyncSession."""

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | Connection:
        """Return what the statement runs on; SQLAlchemy asks before each, and it is the only place that comes first."""
        # Outside SQLAlchemy's greenlet nothing is executed: somebody only asks which database this is.
        if in_greenlet():
            await_only(self.info[_TURN].take())
        return super().get_bind(*arguments, **options)


def with_turn(turn: Turn) -> dict[str, Any]:
    """Return the `info` of a WritingSession."""
    return {_TURN: turn}
