"""What counts as proof that a config works: APPLIED is none, and neither is health (facts, trap 6 and case d3).

Proof is that every production exporter sent more at a later report of the collector about itself than at an earlier
one, both under this very revision, with no failure between them; for an experiment also that what leaves the baseline
arm reached the meter. Counters begin again at every change of config and every restart, so the two must be of one run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import METERS
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.control.fleet.model import ConfigRevision, Purpose
from phoenix.core.ids import RevisionId

# Nanoseconds. No report comes so late.
_SET_BACK: Final = 60_000_000_000
_NOTHING_SENT: Final = ExporterCounts()
_NOTHING_TAKEN: Final = ReceiverCounts()


@dataclass(frozen=True, slots=True)
class Readings:
    """Two reports of one run under one revision: counters are compared between them.

    Attributes:
        ignored: time of the last report before the config was offered: what is not newer says nothing of this run.
    """

    revision: RevisionId
    ignored: int = 0
    first: OwnReading | None = None
    latest: OwnReading | None = None

    def with_reading(self, reading: OwnReading | None) -> Self:
        """Return this with a newer report; one of another revision, or older, changes nothing.

        The first report moves up when the collector restarted, and when something failed since: what failed once while
        an endpoint came up must not count for ever.
        """
        if reading is None or reading.revision != self.revision or not _newer(reading.time, self.ignored):
            return self
        if self.first is None or self.latest is None:
            return replace(self, first=reading, latest=reading)
        if not reading.follows(self.latest) and reading.instance == self.latest.instance:
            return self
        if reading.uptime_seconds < self.latest.uptime_seconds or reading.instance != self.latest.instance:
            return replace(self, first=reading, latest=reading)
        first = self.latest if any(_failed(self.first, self.latest, it) for it in self.latest.exporters) else self.first
        return replace(self, first=first, latest=reading)


def _newer(time: int, ignored: int) -> bool:
    """Return whether a report is not from before: one of long before is of a clock that was set back."""
    return time > ignored or ignored - time > _SET_BACK


@dataclass(frozen=True, slots=True)
class Proved:
    """The config works: production gets its data."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing is wrong, and something is missing.

    Attributes:
        missing: what, a sentence each.
        idle: exporters that had nothing to send although the receivers took points. A steady config is not proved by
            that: one that drops everything looks the same.
    """

    missing: tuple[str, ...]
    idle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failing:
    """A production exporter fails. Ours never counts here: that our ingest is away pauses, it fails no config."""

    exporter: str
    error: str


Verdict = Proved | NotYet | Failing


def judge(
    revision: ConfigRevision,
    readings: Readings,
    *,
    effective: RevisionId | None,
    arms_seen: Mapping[Arm, datetime],
    since: datetime,
) -> Verdict:
    """Return whether telemetry proves that a host runs `revision` and production gets its data.

    Args:
        revision: what was offered; its exporters are what has to be seen to send.
        readings: the host's reports about itself under it.
        effective: the revision that its collector says it runs.
        arms_seen: when each arm of an experiment last reached the meter under this revision.
        since: when it was offered; what was seen before proves nothing.
    """
    first, latest = readings.first, readings.latest
    if first is None or latest is None:
        if revision.exporters or effective != revision.id:
            where = "it is the effective config" if effective == revision.id else "it is not yet the effective config"
            return NotYet((f"no report of the collector about itself under {revision.id}; {where}",))
    else:
        failing = next(_failing(revision, first, latest), None)
        if failing is not None:
            return failing
    missing = [*_production(revision, first, latest), *_meter(revision, first, latest, arms_seen, since)]
    if missing:
        return NotYet(tuple(missing), tuple(_idle(revision, first, latest)))
    return Proved()


def _failing(revision: ConfigRevision, first: OwnReading, latest: OwnReading) -> Iterator[Failing]:
    for exporter in revision.exporters:
        if lost := _failed(first, latest, exporter):
            yield Failing(exporter, f"{lost:,} points could not be sent")
        counts = latest.exporters.get(exporter, _NOTHING_SENT)
        if first is not latest and counts.queue_size > 0 and not _sent(first, latest, exporter):
            text = f"nothing was sent, and {counts.queue_size:,} requests wait in its queue: it is trying again"
            yield Failing(exporter, text)


def _production(revision: ConfigRevision, first: OwnReading | None, latest: OwnReading | None) -> Iterator[str]:
    if first is None or latest is None:
        return
    if first is latest and revision.exporters:
        yield "a second report of the collector about itself"
        return
    idle = _idle(revision, first, latest)
    for exporter in revision.exporters:
        if exporter in idle:
            yield f"exporter {exporter} had nothing to send, although points came in: they were dropped, or still wait"
        elif not _sent(first, latest, exporter):
            yield f"exporter {exporter} has sent nothing: no points came in"


def _idle(revision: ConfigRevision, first: OwnReading | None, latest: OwnReading | None) -> tuple[str, ...]:
    """Return the exporters that had nothing to send although points came in."""
    if first is None or latest is None or not any(_taken(first, latest, it) for it in revision.receivers):
        return ()
    return tuple(it for it in revision.exporters if not _sent(first, latest, it))


def _meter(
    revision: ConfigRevision,
    first: OwnReading | None,
    latest: OwnReading | None,
    arms_seen: Mapping[Arm, datetime],
    since: datetime,
) -> Iterator[str]:
    if revision.purpose is not Purpose.EXPERIMENT:
        return
    for arm, exporter in METERS.items():
        if first is not None and latest is not None and _failed(first, latest, exporter):
            yield f"the {arm} arm cannot reach the meter: {exporter} fails to send"
    seen = arms_seen.get(Arm.BASELINE)
    if seen is None or seen < since:
        yield "the baseline arm has not reached the meter"


def _sent(first: OwnReading, latest: OwnReading, exporter: str) -> int:
    before, after = (it.exporters.get(exporter, _NOTHING_SENT).sent for it in (first, latest))
    return after - before


def _failed(first: OwnReading, latest: OwnReading, exporter: str) -> int:
    before, after = (it.exporters.get(exporter, _NOTHING_SENT) for it in (first, latest))
    return after.send_failed - before.send_failed + after.enqueue_failed - before.enqueue_failed


def _taken(first: OwnReading, latest: OwnReading, receiver: str) -> int:
    before, after = (it.receivers.get(receiver, _NOTHING_TAKEN).accepted for it in (first, latest))
    return after - before
