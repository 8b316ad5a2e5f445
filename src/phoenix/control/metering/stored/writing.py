"""The write-behind: closed windows, late marks and readings go to the database in batches, in their order.

Nothing is dropped: while the database can't be written the queue grows to its limit, and then the meter refuses bodies.
"""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.metering.model import StreamKey
from phoenix.control.metering.repository import MeteringRepository
from phoenix.control.metering.stored.encoding import encode_measure
from phoenix.control.metering.tables import WindowRow
from phoenix.core.clock import Clock
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import HostId
from phoenix.store.database import Database
from phoenix.telemetry.window import WindowMeasure

_BATCH: Final = 100
_GATHER_SECONDS: Final = 0.25
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 15.0


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """A window to store."""

    key: StreamKey
    run: str
    measure: WindowMeasure


@dataclass(frozen=True, slots=True)
class LateMark:
    """Points that came after a window was closed."""

    key: StreamKey
    start: int
    points: int


@dataclass(frozen=True, slots=True)
class NewReading:
    """A report of a collector to store."""

    host: HostId
    reading: OwnReading


Item = ClosedWindow | LateMark | NewReading


class WriteBehind:
    """A queue in front of the database."""

    def __init__(self, database: Database, clock: Clock, *, report: Callable[[PhoenixError], None]) -> None:
        self._database, self._clock, self._report = database, clock, report
        self._items: deque[Item] = deque()
        self._added = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> None:
        """Queue something to be written."""
        self._items.append(item)
        self._added.set()

    async def run(self) -> None:
        """Write until cancelled."""
        wait = _FIRST_WAIT
        while True:
            await self._added.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            try:
                await self._write_batch()
                wait = _FIRST_WAIT
            except PhoenixError as error:
                self._report(error)
                await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                wait = min(_LONGEST_WAIT, 2 * wait)

    async def flush(self, seconds: float) -> None:
        """Write what is queued, for so long at most; called when `run` has ended."""
        with contextlib.suppress(TimeoutError, PhoenixError):
            async with asyncio.timeout(seconds):
                while self._items:
                    await self._write_batch()

    async def _write_batch(self) -> None:
        batch = [self._items[place] for place in range(min(_BATCH, len(self._items)))]
        encoded = await asyncio.to_thread(_encoded, batch)
        async with self._database.transaction() as session:
            repository = MeteringRepository(session)
            for item, measure in zip(batch, encoded, strict=True):
                await self._write(repository, item, measure)
        for _ in batch:
            self._items.popleft()
        if not self._items:
            self._added.clear()

    async def _write(self, repository: MeteringRepository, item: Item, measure: bytes) -> None:
        now = self._clock.now()
        match item:
            case ClosedWindow(key, run, found):
                await repository.put_window(
                    WindowRow(
                        experiment_id=key.experiment,
                        host_id=key.host,
                        arm=key.arm,
                        start=found.start,
                        run=run,
                        seconds=found.seconds,
                        points=found.points,
                        late_points=0,
                        gap=found.gap,
                        measure=measure,
                        written_at=now,
                    )
                )
            case LateMark(key, start, points):
                await repository.mark_late(key.experiment, key.host, key.arm, start, points)
            case NewReading(host, reading):
                await repository.put_reading(host, reading, now)


def _encoded(batch: list[Item]) -> list[bytes]:
    return [encode_measure(item.measure) if isinstance(item, ClosedWindow) else b"" for item in batch]
