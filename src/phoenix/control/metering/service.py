"""The meter: takes what collectors send, measures it window by window, and keeps the measures.

What an acknowledgement means: the body was read, and its points are in open windows in this process's memory. It does
not mean that they are on disk. When the process ends without stopping (kill -9, power), open windows are lost, and the
next process cannot tell what they held; but its first window of every stream is a gap by rule (`stream`), and windows
that were never stored are holes, which are gaps too. So a lost acknowledgement costs evidence, never a smaller number.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.metering.errors import MeterBusyError
from phoenix.control.metering.intake import Intake, window_plan
from phoenix.control.metering.model import MeterCounters, MeteringLimits, MeterLoad, MeterPlan, StreamKey
from phoenix.control.metering.repository import MeteringRepository
from phoenix.control.metering.stored.assembling import StoredWindow, assembled
from phoenix.control.metering.stored.writing import WriteBehind
from phoenix.control.metering.workers.pool import Workers
from phoenix.core.clock import Clock
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import ExperimentId, HostId, RevisionId, new_id
from phoenix.edge.otlp.sink import StreamOrigin, Taken
from phoenix.store.database import Database
from phoenix.telemetry.window import WindowMeasure

_log = structlog.get_logger("phoenix.metering")

_HOUSEKEEPING_SECONDS: Final = 1.0
_FLUSH_SECONDS: Final = 10.0


class Metering:
    """Meters of experiments, and the collectors' own metrics. Implements `edge.otlp.sink.IngestSink`.

    Made once a process by `server`; `running` gives it its tasks and worker processes.
    """

    def __init__(self, database: Database, clock: Clock, limits: MeteringLimits | None = None) -> None:
        self._database, self._clock = database, clock
        self._limits = limits or MeteringLimits()
        self.counters = MeterCounters()
        self._writing = WriteBehind(database, clock, report=_report)
        self._intake: Intake | None = None
        self._workers: Workers | None = None
        self._tasks: list[asyncio.Task[None]] = []

    # -- life

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Metering"]:
        """Start, and stop when the block ends."""
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def start(self) -> None:
        """Start the worker processes; the first start of a database makes the key of the series hashes."""
        key = await self._key()
        self._workers = Workers(self._limits.workers, key, body_seconds=self._limits.body_seconds)
        await self._workers.start()
        epoch = new_id("run", self._clock.now())
        self._intake = Intake(
            self._database,
            self._clock,
            limits=self._limits,
            workers=self._workers,
            writing=self._writing,
            counters=self.counters,
            epoch=epoch,
        )
        self._tasks = [
            asyncio.create_task(self._writing.run(), name="meter write-behind"),
            asyncio.create_task(self._intake.closer.run(), name="meter closer"),
            asyncio.create_task(self._keep_house(), name="meter housekeeping"),
        ]

    async def stop(self) -> None:
        """Close what is open, marked, write it, and end the workers. Safe to call twice."""
        intake, self._intake = self._intake, None
        if intake is None:
            return
        try:
            await intake.stop()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._workers is not None:
                await self._workers.stop()
            await self._writing.flush(_FLUSH_SECONDS)

    @property
    def ready(self) -> bool:
        """Whether bodies are taken: every task runs."""
        return self._intake is not None and not any(task.done() for task in self._tasks)

    # -- ingest

    async def take(self, origin: StreamOrigin, body: bytes) -> Taken:
        """Take an uncompressed ExportMetricsServiceRequest; see `IngestSink`.

        Raises:
            InvalidError: the body is not OTLP or no meter is open for the stream; sending it again is of no use.
            UnavailableError: the meter is at a limit, starting or stopping; the sender should try again.
        """
        return await self._running().take(origin, body)

    # -- meters

    async def open_meter(self, session: AsyncSession, experiment: ExperimentId, plan: MeterPlan) -> None:
        """Open the meter of an experiment: its streams are taken from the commit on.

        Raises:
            InvalidError: the width, or a pattern, is not possible.
        """
        window_plan(plan, self._limits)
        await MeteringRepository(session).open_meter(experiment, plan, self._clock.now())

    async def close_meter(self, session: AsyncSession, experiment: ExperimentId, now: datetime) -> None:
        """Close it: within seconds of the commit bodies are refused for good, and open windows are stored, marked."""
        await MeteringRepository(session).close_meter(experiment, now)

    async def windows(
        self, session: AsyncSession, experiment: ExperimentId, since: int = 0
    ) -> Mapping[tuple[HostId, str, int], WindowMeasure]:
        """Return the stored windows that start at or after `since` (nanoseconds), by host, arm and start.

        A window that is no evidence carries its reason in `gap`; a hole within a stream stands as an empty one.
        """
        repository = MeteringRepository(session)
        seconds = await repository.window_seconds(experiment)
        if seconds is None:
            return {}
        rows = [
            StoredWindow(HostId(row.host_id), row.arm, row.start, row.run, row.gap, row.late_points, row.measure)
            for row in await repository.windows(experiment, since)
        ]
        return await asyncio.to_thread(assembled, rows, seconds)

    async def reached(self, session: AsyncSession, experiment: ExperimentId) -> Mapping[HostId, int]:
        """Return up to where the stored windows of each host reach, nanoseconds of its own clock."""
        return await MeteringRepository(session).reached(experiment)

    def watermark(self, experiment: ExperimentId, host: HostId, arm: str) -> int | None:
        """Return the nanoseconds before which nothing more is awaited of a stream; None before its first point."""
        return None if self._intake is None else self._intake.watermark(StreamKey(experiment, host, arm))

    def arm_seen(self, experiment: ExperimentId, host: HostId, arm: str, revision: RevisionId) -> datetime | None:
        """Return when this process last took a body of an arm under a config revision."""
        return None if self._intake is None else self._intake.arm_seen(StreamKey(experiment, host, arm), revision)

    def taken_at(self) -> float | None:
        """Return when this process last took a body of any host, by the clock that never goes back; None: never."""
        return None if self._intake is None else self._intake.taken_at

    # -- collectors' own metrics

    def latest_own(self, host: HostId) -> OwnReading | None:
        """Return the newest reading of a host that this process took."""
        return None if self._intake is None else self._intake.own.latest(host)

    async def own_readings(self, session: AsyncSession, host: HostId, since: int) -> list[OwnReading]:
        """Return a host's readings at or after `since` (nanoseconds, the collector's clock), by time.

        All while an experiment meters the host, else about one a minute and each that brings news.
        """
        stored = await MeteringRepository(session).readings(host, since)
        latest = self.latest_own(host)
        if latest is not None and latest.time >= since and (not stored or latest.time > stored[-1].time):
            stored.append(latest)
        return stored

    async def latest_readings(
        self, session: AsyncSession, hosts: Collection[HostId], since: int
    ) -> dict[HostId, OwnReading]:
        """Return the newest reading of each host that has one at or after `since`: those of many cost no query each."""
        here = {host: reading for host in hosts if (reading := self.latest_own(host)) is not None}
        fresh = {host: reading for host, reading in here.items() if reading.time >= since}
        asked = [host for host in hosts if host not in fresh]
        return fresh | await MeteringRepository(session).latest_readings(asked, since)

    # -- upkeep

    async def forget(self, session: AsyncSession, before: datetime, *, most: int = 1_000) -> int:
        """Delete up to `most` windows and readings stored before a moment; return how many.

        Windows of a meter stay until it has been closed for as long.
        """
        return await MeteringRepository(session).forget(before, most)

    def load(self) -> MeterLoad:
        """Return what is held now."""
        intake = self._intake
        pending = len(self._writing)
        if intake is None:
            return MeterLoad(0, 0, 0, 0, 0, pending, self._limits)
        return intake.load(pending)

    def worker_processes(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [] if self._workers is None else self._workers.processes()

    def _running(self) -> Intake:
        if self._intake is None or not self.ready:
            raise MeterBusyError("the meter is not running")
        return self._intake

    async def _key(self) -> bytes:
        async with self._database.read() as session:
            key = await MeteringRepository(session).key()
        if key is not None:
            return key
        try:
            async with self._database.transaction() as session:
                return await MeteringRepository(session).make_key(self._clock.now())
        except IntegrityError:
            # Another replica made it meanwhile.
            return await self._key()

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)
            if self._intake is not None:
                with contextlib.suppress(PhoenixError):
                    await self._intake.keep_house()


def _report(error: PhoenixError) -> None:
    _log.warning("windows could not be written", code=error.code, reason=error.message)
