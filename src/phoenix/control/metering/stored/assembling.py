"""From stored rows to the windows that a comparison may use, holes and doubles named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from phoenix.control.metering.stored.encoding import decode_measure, empty_measure
from phoenix.control.metering.stream import CLOCK_SET
from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.telemetry.window import MetricPart, ProcessPart, WindowMeasure, union

NO_DATA = "no data came for this window"
TWICE = "seen by more than one run of the meter: what lies between them is unknown"

# Holes that are named a stream; a clock that jumps by a year leaves more.
_HOLES = 1_000

WindowKey = tuple[HostId, str, int]


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """A row, free of the session."""

    host: HostId
    arm: str
    start: int
    run: str
    gap: str
    late_points: int
    measure: bytes


def assembled(rows: Iterable[StoredWindow], seconds: float) -> Mapping[WindowKey, WindowMeasure]:
    """Return the windows of an experiment by host, arm and start, in that order; holes within a stream are gaps."""
    by_window: dict[WindowKey, list[StoredWindow]] = defaultdict(list)
    for row in rows:
        by_window[row.host, row.arm, row.start].append(row)
    found = {key: _whole(same) for key, same in by_window.items()}
    for hole in _holes(found, round(seconds * NANOSECONDS)):
        found[hole] = empty_measure(hole[2], seconds, NO_DATA)
    return {key: found[key] for key in sorted(found)}


def _whole(rows: list[StoredWindow]) -> WindowMeasure:
    measures = [decode_measure(row.measure, gap=_gap(row)) for row in rows]
    return measures[0] if len(measures) == 1 else _joined(measures)


def _gap(row: StoredWindow) -> str:
    if not row.late_points:
        return row.gap
    late = f"{row.late_points} points came after it was closed"
    return f"{row.gap}; {late}" if row.gap else late


def _joined(measures: list[WindowMeasure]) -> WindowMeasure:
    # For people to look at; series are exact, the rest is the most that is certain, and it is marked.
    names = {name for measure in measures for name in measure.metrics}
    executables = {name for measure in measures for name in measure.processes}
    kinds = {kind for measure in measures for kind in measure.corruption}
    texts = {text for measure in measures for text in measure.critical}
    return replace(
        measures[0],
        requests=sum(measure.requests for measure in measures),
        scrapes=max(measure.scrapes for measure in measures),
        first_time=min(measure.first_time for measure in measures),
        last_time=max(measure.last_time for measure in measures),
        points=sum(measure.points for measure in measures),
        otlp_bytes=sum(measure.otlp_bytes for measure in measures),
        json_bytes=sum(measure.json_bytes for measure in measures),
        series=union([measure.series for measure in measures]),
        metrics={name: _metric([m.metrics.get(name, MetricPart()) for m in measures]) for name in sorted(names)},
        processes={
            name: _process([m.processes.get(name, ProcessPart()) for m in measures]) for name in sorted(executables)
        },
        critical={text: max(measure.critical.get(text, 0) for measure in measures) for text in sorted(texts)},
        corruption={kind: sum(measure.corruption.get(kind, 0) for measure in measures) for kind in sorted(kinds)},
        gap="; ".join(dict.fromkeys([TWICE, *(measure.gap for measure in measures if measure.gap)])),
    )


def _metric(parts: list[MetricPart]) -> MetricPart:
    return MetricPart(
        max(part.series for part in parts),
        sum(part.points for part in parts),
        sum(part.otlp_bytes for part in parts),
        sum(part.json_bytes for part in parts),
        sum(part.total for part in parts),
    )


def _process(parts: list[ProcessPart]) -> ProcessPart:
    return ProcessPart(max(part.processes for part in parts), max(part.series for part in parts))


def _holes(found: Mapping[WindowKey, WindowMeasure], width: int) -> list[WindowKey]:
    starts: dict[tuple[HostId, str], list[int]] = defaultdict(list)
    for host, arm, start in sorted(found):
        starts[host, arm].append(start)
    holes: list[WindowKey] = []
    for (host, arm), known in starts.items():
        left = _HOLES
        for earlier, later in pairwise(known):
            if CLOCK_SET in found[host, arm, earlier].gap:
                # No time passed here: the host's clock did.
                continue
            missing = range(earlier + width, later, width)[:left]
            left -= len(missing)
            holes += [(host, arm, start) for start in missing]
    return holes
