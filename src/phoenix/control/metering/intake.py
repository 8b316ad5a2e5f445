"""From a body to the open windows of its stream: whose it is, whether it fits, whether it came before."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from phoenix.collector.compose.model import Arm
from phoenix.control.metering.bodies import Bodies, digest_of
from phoenix.control.metering.closing import Closer
from phoenix.control.metering.errors import MeterBusyError, StreamUnknownError
from phoenix.control.metering.meters import Meters
from phoenix.control.metering.model import OWN, MeterCounters, MeteringLimits, MeterLoad, MeterPlan, StreamKey
from phoenix.control.metering.own import OwnReadings
from phoenix.control.metering.stored.writing import LateMark, NewReading, WriteBehind
from phoenix.control.metering.stream import (
    BODY_UNREADABLE,
    METER_CLOSED,
    METER_STOPPED,
    Closing,
    Folded,
    Stream,
)
from phoenix.control.metering.workers.pool import Workers
from phoenix.core.clock import Clock
from phoenix.core.errors import InvalidError
from phoenix.core.ids import ExperimentId, HostId, RevisionId
from phoenix.edge.otlp.sink import StreamOrigin, Taken
from phoenix.store.database import Database
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.window import Measured, WindowPlan

# Hashing a body of this size holds up the event loop for about a millisecond.
_HASHED_AT_ONCE: Final = 2**20
_REVISIONS: Final = 16
_STOP_SECONDS: Final = 5.0
_ARMS: Final = frozenset(map(str, Arm))


def window_plan(plan: MeterPlan, limits: MeteringLimits) -> WindowPlan:
    """Return the plan as windows are cut by it.

    Raises:
        InvalidError: the width, or a pattern, is not possible.
    """
    patterns = tuple(ProcessPattern.parse(text) for text in plan.critical)
    return WindowPlan(plan.window_seconds, patterns, limits.series, plan.scrape_seconds)


@dataclass(slots=True)
class _Held:
    key: StreamKey
    stream: Stream
    bodies: Bodies
    revisions: dict[RevisionId, float] = field(default_factory=dict)

    def saw(self, revision: RevisionId, now: float) -> None:
        self.revisions.pop(revision, None)
        self.revisions[revision] = now
        if len(self.revisions) > _REVISIONS:
            del self.revisions[next(iter(self.revisions))]


class Intake:
    """The streams of one run of the meter's process.

    Args:
        database: where meters are looked up.
        clock: for when bodies came and for silence.
        limits: what bounds it.
        workers: decode and measure.
        writing: takes what is finished.
        counters: counted up.
        epoch: names the run.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        limits: MeteringLimits,
        workers: Workers,
        writing: WriteBehind,
        counters: MeterCounters,
        epoch: str,
    ) -> None:
        self._clock, self._limits, self._workers, self._writing = clock, limits, workers, writing
        self._counters, self._epoch = counters, epoch
        self._meters = Meters(database, clock, lambda plan: window_plan(plan, limits))
        self._streams: dict[StreamKey, _Held] = {}
        # Streams of each host.
        self._metered: Counter[HostId] = Counter()
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[Taken]] = set()
        self._bytes = self._rows = 0
        self.closer = Closer(writing.put)
        # By the clock that never goes back.
        self.taken_at: float | None = None
        self.own = OwnReadings(limits.own_seconds)

    async def take(self, origin: StreamOrigin, body: bytes) -> Taken:
        """Take a body; see `Metering.take`."""
        taken = await self._take(origin, body)
        self.taken_at = self._clock.monotonic()
        return taken

    async def _take(self, origin: StreamOrigin, body: bytes) -> Taken:
        if origin.arm == OWN:
            self._check_room(len(body))
            return await self._own_task(origin.host, body)
        held = await self._held(StreamKey(origin.experiment, origin.host, origin.arm))
        digest = digest_of(body) if len(body) <= _HASHED_AT_ONCE else await asyncio.to_thread(digest_of, body)
        task = held.bodies.find(digest)
        if task is not None:
            self._counters.repeated_bodies += 1
        else:
            try:
                self._check_room(len(body))
            except MeterBusyError:
                held.stream.refused(digest)
                raise
            task = self._started(self._measured(held, digest, body), len(body))
            held.bodies.remember(digest, task)
        # A sender that gives up doesn't undo the body: it comes again, and is recognised.
        taken = await asyncio.shield(task)
        held.saw(origin.revision, self._clock.monotonic())
        return taken

    # -- what is asked of it

    def watermark(self, key: StreamKey) -> int | None:
        """Return the watermark of a stream."""
        held = self._streams.get(key)
        return None if held is None else held.stream.watermark

    def arm_seen(self, key: StreamKey, revision: RevisionId) -> datetime | None:
        """Return when a stream's last body under a revision came, by the clock as it is set now."""
        held = self._streams.get(key)
        at = None if held is None else held.revisions.get(revision)
        return None if at is None else self._clock.now() - timedelta(seconds=self._clock.monotonic() - at)

    def load(self, pending: int) -> MeterLoad:
        """Return what is held now."""
        return MeterLoad(
            streams=len(self._streams),
            open_windows=sum(held.stream.open_windows for held in self._streams.values()),
            open_points=self._rows + self.closer.rows,
            waiting_bodies=len(self._tasks),
            waiting_bytes=self._bytes,
            pending_rows=pending,
            limits=self._limits,
        )

    # -- upkeep

    async def keep_house(self) -> None:
        """Close what is silent, and what belongs to meters that were closed."""
        now = self._clock.monotonic()
        for held in list(self._streams.values()):
            self._close(held, held.stream.close_idle(now))
        for experiment in await self._meters.closed():
            self._drop(experiment)

    async def stop(self) -> None:
        """Let bodies that are being read finish, then close every window, marked."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
        for held in self._streams.values():
            self._close(held, held.stream.close(METER_STOPPED))
        await self.closer.drain()

    def _drop(self, experiment: ExperimentId) -> None:
        for key in [key for key in self._streams if key.experiment == experiment]:
            held = self._streams.pop(key)
            self._metered[key.host] -= 1
            self._metered += Counter()  # without the zeros
            self._close(held, held.stream.close(METER_CLOSED))
            self.closer.forget(key)

    # -- one body

    async def _held(self, key: StreamKey) -> _Held:
        if key.arm not in _ARMS:
            raise StreamUnknownError(f"{key.arm!r} is no arm: there are {', '.join(sorted(_ARMS))}")
        plan = await self._meters.plan(key.experiment)
        if plan is None:
            raise StreamUnknownError(f"no meter is open for experiment {key.experiment!r}")
        held = self._streams.get(key)
        if held is None:
            if len(self._streams) >= self._limits.streams:
                self._counters.refused_bodies += 1
                raise MeterBusyError(f"{len(self._streams)} streams are metered, and no more are allowed")
            # A meter that is closed and opened again gives streams of other names.
            epoch = f"{self._epoch}.{next(self._numbers)}"
            stream = Stream(plan, self._limits, epoch=epoch, now=self._clock.monotonic())
            held = self._streams[key] = _Held(key, stream, Bodies(self._limits.remembered_bodies))
            self._metered[key.host] += 1
        return held

    def _check_room(self, size: int) -> None:
        limits = self._limits
        full = {
            "bodies wait to be read": len(self._tasks) >= limits.waiting_bodies,
            "bytes wait to be read": self._bytes + size > limits.waiting_bytes and bool(self._tasks),
            "points are in open windows": self._rows + self.closer.rows >= limits.open_points,
            "windows wait for the database": len(self._writing) >= limits.pending_rows,
        }
        for why, reached in full.items():
            if reached:
                self._counters.refused_bodies += 1
                raise MeterBusyError(f"as many {why} as are allowed")

    def _started(self, work: Coroutine[Any, Any, Taken], size: int) -> asyncio.Task[Taken]:
        task = asyncio.create_task(work, name="meter body")
        self._tasks.add(task)
        self._bytes += size

        def done(task: asyncio.Task[Taken]) -> None:
            self._tasks.discard(task)
            self._bytes -= size
            self._counters.lost_workers = self._workers.lost
            if not task.cancelled():
                # Nobody may be waiting for it any more.
                task.exception()

        task.add_done_callback(done)
        return task

    async def _measured(self, held: _Held, digest: bytes, body: bytes) -> Taken:
        stream = held.stream
        try:
            measured: Measured = await self._workers.call("measure", body, stream.plan, self._limits.body_points)
        except InvalidError:
            self._counters.invalid_bodies += 1
            stream.spoil(BODY_UNREADABLE)
            raise
        except MeterBusyError:
            stream.refused(digest)
            raise
        if self._streams.get(held.key) is not held:
            raise StreamUnknownError(f"the meter of experiment {held.key.experiment!r} was closed")
        stream.accepted(digest)
        before = stream.rows
        folded = stream.fold(measured.parts, now=self._clock.monotonic())
        self._rows += stream.rows - before
        self._hand_on(held, folded.closed)
        for late in folded.late:
            self.closer.late(LateMark(held.key, late.start, late.points))
        self._count(measured, folded)
        return _taken(measured, folded)

    def _close(self, held: _Held, closed: list[Closing]) -> None:
        self._rows -= sum(len(closing.part) for closing in closed)
        self._hand_on(held, closed)

    def _hand_on(self, held: _Held, closed: list[Closing]) -> None:
        for closing in closed:
            self._counters.closed_windows += 1
            self._counters.gap_windows += bool(closing.gap)
            self.closer.close(held.key, held.stream.plan, closing)

    def _count(self, measured: Measured, folded: Folded) -> None:
        counters = self._counters
        counters.bodies += 1
        counters.points += folded.points
        counters.late_points += folded.late_points
        counters.jumped_points += folded.jumped_points
        counters.untimed_points += measured.untimed + measured.scattered

    # -- collectors' own metrics

    async def _own_task(self, host: HostId, body: bytes) -> Taken:
        return await asyncio.shield(self._started(self._taken_own(host, body), len(body)))

    async def _taken_own(self, host: HostId, body: bytes) -> Taken:
        try:
            readings = await self._workers.call("own", body, self._limits.own_points)
        except InvalidError:
            self._counters.invalid_bodies += 1
            raise
        self._counters.own_reports += 1
        watched = self._metered[host] > 0
        for reading in self.own.add(host, readings, now=self._clock.monotonic(), watched=watched):
            self._writing.put(NewReading(host, reading))
        return Taken()


def _taken(measured: Measured, folded: Folded) -> Taken:
    reasons = {
        "came after their window was closed": folded.late_points,
        "have a time that does not follow from the stream's": folded.jumped_points,
        "have no time": measured.untimed,
        "are of more windows than one body may touch": measured.scattered,
    }
    said = "; ".join(f"{count} points {why}" for why, count in reasons.items() if count)
    return Taken(sum(reasons.values()), said)
