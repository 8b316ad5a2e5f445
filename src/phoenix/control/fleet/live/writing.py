"""What the replica has to write, in one order: whoever waits for a write takes along all that was noted before it.

One transaction carries what many hosts have to say, so that ten thousand of them need no ten thousand transactions, and
the history of a host stands in the order in which things happened.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.live.works import Copy, Note, Save, Take
from phoenix.control.fleet.model import HostEvent
from phoenix.core.errors import UnavailableError
from phoenix.store.database import Database

_CAPACITY: Final = 20_000
_AT_ONCE: Final = 500
_TRIES: Final = 3

Result = TypeVar("Result")
Grouped = Save | Take | Note | Copy
# In this order within a transaction. What was taken is written to only after its taker was told.
_KINDS: Final[tuple[Any, ...]] = (Copy, Save, Take, Note)

_log = structlog.get_logger("phoenix.fleet")


@dataclass(slots=True)
class _Entry:
    work: Grouped
    done: asyncio.Future[Any] | None = None
    tries: int = 0


class WriteBehind:
    """Writes of this replica, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries: deque[_Entry] = deque()
        self._turn = asyncio.Lock()

    async def note(self, *events: HostEvent) -> None:
        """Add to the history of hosts, soon. Waits for room when the database does not keep up."""
        if events:
            await self.later(Note(events))

    async def later(self, work: Grouped) -> None:
        """Do a work with the next transaction, and try again when that fails for want of the database."""
        if len(self._entries) >= _CAPACITY:
            await self.flush()
        self._entries.append(_Entry(work))

    async def commit(self, work: Grouped) -> Any:
        """Return what a work comes to once it is committed.

        Raises:
            PhoenixError: the work's own, or the database's trouble; the work is not tried again.
        """
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._entries.append(_Entry(work, done))
        # Whoever waits may be cancelled, while others wait for the same transaction.
        writing = asyncio.create_task(self._write_until(done))
        await asyncio.wait([writing, done], return_when=asyncio.FIRST_COMPLETED)
        return await done

    async def read(self, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
        """Return what a work reads; it must change nothing."""
        async with self._database.read() as session:
            return await work(session)

    async def write(self, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
        """Write what may be lost, at once and alone."""
        async with self._turn, self._database.transaction() as session:
            await work(session)

    async def flush(self) -> None:
        """Write everything that was noted, unless the database cannot be had."""
        async with self._turn:
            await self._write()

    async def _write_until(self, done: asyncio.Future[Any]) -> None:
        async with self._turn:
            while not done.done():
                await self._write()

    async def _write(self) -> None:
        """Write up to `_AT_ONCE` entries in one transaction; one by one if that fails because of one of them."""
        entries = [self._entries.popleft() for _ in range(min(_AT_ONCE, len(self._entries)))]
        if not entries:
            return
        try:
            results = await self._transaction(entries)
        except UnavailableError as error:
            self._fail(entries, error)
        except Exception as error:  # noqa: BLE001 - one entry's trouble must not be the others'
            if len(entries) == 1:
                self._fail(entries, error)
                return
            for entry in entries:
                await self._alone(entry)
        else:
            for entry, result in zip(entries, results, strict=True):
                _settle(entry, result)

    async def _alone(self, entry: _Entry) -> None:
        try:
            (result,) = await self._transaction([entry])
        except Exception as error:  # noqa: BLE001 - it is told to whoever waits, or logged
            self._fail([entry], error)
        else:
            _settle(entry, result)

    async def _transaction(self, entries: Sequence[_Entry]) -> list[Any]:
        results: dict[int, Any] = {}
        async with self._database.transaction() as session:
            for kind in _KINDS:
                numbers = [number for number, entry in enumerate(entries) if isinstance(entry.work, kind)]
                if numbers:
                    works = [entries[number].work for number in numbers]
                    results.update(zip(numbers, await kind.together(session, works), strict=True))
        return [results[number] for number in range(len(entries))]

    def _fail(self, entries: Sequence[_Entry], error: Exception) -> None:
        """Tell those who wait; keep what can be written later, in its order."""
        again = []
        for entry in entries:
            entry.tries += 1
            if entry.done is not None:
                _settle(entry, error)
            elif isinstance(error, UnavailableError) or entry.tries < _TRIES:
                again.append(entry)
            else:
                _log.error("a write was given up", error=repr(error))
        self._entries.extendleft(reversed(again))


def _settle(entry: _Entry, result: Any) -> None:
    if entry.done is None:
        if isinstance(result, Exception):
            _log.error("a write was refused", error=repr(result))
        return
    with contextlib.suppress(asyncio.InvalidStateError):
        if isinstance(result, Exception):
            entry.done.set_exception(result)
        else:
            entry.done.set_result(result)
