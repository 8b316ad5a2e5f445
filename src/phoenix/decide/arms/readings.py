"""A collector's reports about itself, as stretches in which its counters only rise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from phoenix.collector.own_metrics.model import OwnReading, ReceiverCounts
from phoenix.core.units import NANOSECONDS

# The time of a report and the uptime in it are read one after the other: 80 ms apart were seen.
_JITTER: Final = NANOSECONDS


@dataclass(frozen=True, slots=True)
class Run:
    """The reports of one start of the service inside a collector, by time, at least one.

    Attributes:
        readings: the reports.
    """

    readings: tuple[OwnReading, ...]

    @property
    def started(self) -> int:
        """Nanoseconds since the epoch, when its counters stood at zero."""
        first = self.readings[0]
        return first.time - round(first.uptime_seconds * NANOSECONDS)


@dataclass(frozen=True, slots=True)
class Span:
    """Two reports of one run; `first` is None when the span begins with the run, where every counter is zero."""

    first: OwnReading | None
    last: OwnReading

    def rise(self, count: Callable[[OwnReading], float]) -> float:
        """Return by how much a counter rose."""
        return count(self.last) - (count(self.first) if self.first else 0)

    @property
    def seconds(self) -> float:
        """How long it is, by the collector's clock that is never set."""
        return self.last.uptime_seconds - (self.first.uptime_seconds if self.first else 0.0)


def runs(readings: Iterable[OwnReading]) -> tuple[Run, ...]:
    """Return the runs that reports belong to, by time. The order of the reports does not matter; doubles count once.

    A report that says when its counters began is of the run that began then, so a clock that is set begins none.
    """
    found: list[list[OwnReading]] = []
    told: dict[tuple[str, str, int], list[OwnReading]] = {}
    for reading in sorted({reading.time: reading for reading in readings}.values(), key=lambda it: it.time):
        if reading.began:
            told.setdefault(reading.start, []).append(reading)
        elif found and _goes_on(found[-1][-1], reading):
            found[-1].append(reading)
        else:
            found.append([reading])
    found += [sorted(run, key=lambda it: it.uptime_seconds) for run in told.values()]
    return tuple(Run(tuple(run)) for run in sorted(found, key=lambda it: it[-1].time))


def steps(run: Run) -> Sequence[Span]:
    """Return each report of a run with the one before it."""
    return [Span(first, last) for first, last in zip(run.readings, run.readings[1:], strict=False)]


def whole(run: Run) -> Span | None:
    """Return the run from its first report to its last; None when there is but one."""
    return Span(run.readings[0], run.readings[-1]) if len(run.readings) > 1 else None


def spanning(run: Run, start: int, end: int, settled: Callable[[OwnReading], bool]) -> Span | None:
    """Return the shortest span that covers `start` to `end`; None while its last report has not come.

    Args:
        run: the reports.
        start: nanoseconds; the run must have started before.
        end: nanoseconds.
        settled: what the last report must say besides.
    """
    before = max((number for number, reading in enumerate(run.readings) if reading.time <= start), default=-1)
    later = run.readings[before + 1 :]
    after = next((reading for reading in later if reading.time >= end and settled(reading)), None)
    return None if after is None else Span(None if before < 0 else run.readings[before], after)


def _goes_on(before: OwnReading, after: OwnReading) -> bool:
    """Return whether two reports are of one start. A clock that is set forward looks like a new one, which is safe."""
    same = before.revision == after.revision and before.instance == after.instance
    began_after = Run((after,)).started > before.time + _JITTER
    return same and not began_after and after.uptime_seconds >= before.uptime_seconds and not _fell(before, after)


def _fell(before: OwnReading, after: OwnReading) -> bool:
    """Return whether a counter of points fell, which it does only by beginning anew."""
    nothing = ReceiverCounts()
    taken = any(
        counts.accepted > after.receivers.get(name, nothing).accepted for name, counts in before.receivers.items()
    )
    return taken or any(
        counts.sent > after.exporters[name].sent for name, counts in before.exporters.items() if name in after.exporters
    )
