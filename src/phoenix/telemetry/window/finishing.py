"""From the parts of a window to its measure, once nothing more of it is awaited.

Totals follow the birth rule of design 6, read along a stream rather than one window: an increment belongs to the window
of its later point, also across the border, so the windows of a stream add up to what the stream did. A counter that
was not seen before counts whole when its start time is not before the first point of the window before (of this window
when it is the first): it was born since then. One that began earlier and only now appears counts from here on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.window.carry import Carry
from phoenix.telemetry.window.labels import CUMULATIVE, DELTA, HAS_HOST, IS_PROCESS
from phoenix.telemetry.window.model import MetricPart, ProcessPart, SeriesSet, WindowMeasure
from phoenix.telemetry.window.part import JSON_BYTES, OTLP_BYTES, POINTS, Part, Rows
from phoenix.telemetry.window.plan import WindowPlan

# Kinds of the loss check (decide/loss) that one stream shows by itself.
DUPLICATE_IDENTITY = "duplicate_identity"
COUNTER_FELL = "counter_fell"
HOST_IDENTITY_LOST = "host_identity_lost"

# Integers below this can be subtracted from each other in int64.
_SAFE = 1 << 62
# A counter not seen for so many windows is forgotten.
_CARRIED_WINDOWS = 20


def finish(part: Part, plan: WindowPlan, carry: Carry) -> tuple[WindowMeasure, Carry]:
    """Return the measure of a whole window and what the next window of the stream needs to know.

    Args:
        part: all of the window, merged.
        plan: as it was measured.
        carry: of the window before in the stream; `Carry()` at its beginning.
    """
    window = _Window.of(part)
    rises, fell, last = _counters(window, part, carry)
    newer = _carried(window, last, part.first_time)
    oldest = part.start - _CARRIED_WINDOWS * plan.width
    measure = WindowMeasure(
        start=part.start,
        seconds=plan.seconds,
        requests=part.requests,
        scrapes=window.scrapes(),
        first_time=part.first_time,
        last_time=part.last_time,
        points=int(part.tallies[:, POINTS].sum()),
        otlp_bytes=int(part.tallies[:, OTLP_BYTES].sum()),
        json_bytes=int(part.tallies[:, JSON_BYTES].sum()),
        series=window.series_set(truncated=part.truncated),
        metrics=_metrics(window, part, rises),
        processes=_processes(window, part),
        critical=_critical(window, part, plan),
        corruption=_corruption(window, part, plan, fell),
    )
    return measure, carry.renewed(newer, oldest=oldest, most=plan.max_series)


@dataclass(frozen=True, slots=True)
class _Window:
    # Rows by series and time; series s has the rows [bounds[s], bounds[s + 1]).
    rows: Rows
    first: NDArray[np.bool_]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, part: Part) -> "_Window":
        rows = part.rows
        order = np.lexsort((rows.time, rows.series))
        sorted_rows = rows.take(order)
        tied = (sorted_rows.series[1:] == sorted_rows.series[:-1]) & (sorted_rows.time[1:] == sorted_rows.time[:-1])
        if tied.any():
            # So that nothing depends on the order of bodies.
            order = np.lexsort((rows.kind, rows.bits, rows.start, rows.time, rows.series))
            sorted_rows = rows.take(order)
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = sorted_rows.series[1:] != sorted_rows.series[:-1]
        return cls(sorted_rows, first, np.append(np.flatnonzero(first), len(order)))

    def series_set(self, *, truncated: bool) -> SeriesSet:
        begins = self.bounds[:-1]
        numbers = numbers_of(self.rows)
        values = np.add.reduceat(np.where(np.isfinite(numbers), numbers, 0.0), begins)
        return SeriesSet(self.rows.series[begins], np.diff(self.bounds), values, truncated)

    def scrapes(self) -> int:
        fresh = self.first.copy()
        fresh[1:] |= self.rows.time[1:] != self.rows.time[:-1]
        return int(np.add.reduceat(fresh.astype(np.int64), self.bounds[:-1]).max())

    def follows_closely(self, distance: int) -> NDArray[np.bool_]:
        close = ~self.first
        close[1:] &= self.rows.time[1:] - self.rows.time[:-1] <= distance
        return close


def numbers_of(rows: Rows) -> NDArray[np.float64]:
    """Return float64: the value of integers and doubles, NaN for others."""
    numbers = np.where(rows.kind == PointKind.INT, rows.bits.astype(np.float64), np.nan)
    double = rows.kind == PointKind.DOUBLE
    numbers[double] = rows.bits[double].view(np.float64)
    return numbers


def _counters(
    window: _Window, part: Part, carry: Carry
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    # What each row adds to its metric's total; the rows that fell; the last row of each cumulative counter.
    rows = window.rows
    adds = np.array([metric.adds for metric in part.metrics], dtype=np.int64)[rows.metric]
    numbers = numbers_of(rows)
    valued = np.isfinite(numbers)
    rises = np.where((adds == DELTA) & valued, numbers, 0.0)
    chosen = np.flatnonzero((adds == CUMULATIVE) & valued)
    if not len(chosen):
        return rises, chosen, chosen
    pairs = _Pairs.of(rows.take(chosen), numbers[chosen], carry)
    since = part.first_time if carry.since is None else carry.since
    rises[chosen] = pairs.rises(since)
    ends = np.ones(len(chosen), dtype=np.bool_)
    ends[:-1] = rows.series[chosen][1:] != rows.series[chosen][:-1]
    return rises, chosen[pairs.fell()], chosen[ends]


@dataclass(frozen=True, slots=True)
class _Pairs:
    # Points of counters, each with the point before of its series, in this window or carried.
    here: Rows
    number: NDArray[np.float64]
    known: NDArray[np.bool_]
    time: NDArray[np.int64]
    start: NDArray[np.int64]
    difference: NDArray[np.float64]

    @classmethod
    def of(cls, here: Rows, number: NDArray[np.float64], carry: Carry) -> "_Pairs":
        known = np.zeros(len(number), dtype=np.bool_)
        known[1:] = here.series[1:] == here.series[:-1]
        time, start, bits = (np.concatenate((column[:1], column[:-1])) for column in (here.time, here.start, here.bits))
        is_int = here.kind == PointKind.INT
        was_int = np.concatenate((is_int[:1], is_int[:-1]))
        head = np.flatnonzero(~known)
        row, found = carry.find(here.series[head])
        row, met = row[found], head[found]
        time[met], start[met], bits[met], was_int[met] = (
            carry.time[row],
            carry.start[row],
            carry.bits[row],
            carry.is_int[row],
        )
        known[met] = True
        return cls(here, number, known, time, start, _differences(here.bits, is_int, bits, was_int))

    def rises(self, since: int) -> NDArray[np.float64]:
        start = self.here.start
        anew = ~self.known | (start != self.start)
        born = anew & (start != 0) & ((start >= since) | (self.known & (start >= self.time)))
        rise = np.where(self.known, np.maximum(self.difference, 0.0), 0.0)
        return np.where(born, self.number, rise)

    def fell(self) -> NDArray[np.bool_]:
        answer: NDArray[np.bool_] = (
            self.known & (self.here.time > self.time) & (self.here.start <= self.start) & (self.difference < 0)
        )
        return answer


def _differences(
    bits: NDArray[np.int64], is_int: NDArray[np.bool_], before: NDArray[np.int64], was_int: NDArray[np.bool_]
) -> NDArray[np.float64]:
    # Exact between integers: they may be nanoseconds or bytes over 2**53.
    after_number = np.where(is_int, bits.astype(np.float64), bits.view(np.float64))
    before_number = np.where(was_int, before.astype(np.float64), before.view(np.float64))
    difference = after_number - before_number
    exact = is_int & was_int & (np.abs(after_number) < _SAFE) & (np.abs(before_number) < _SAFE)
    difference[exact] = (bits[exact] - before[exact]).astype(np.float64)
    return difference


def _carried(window: _Window, last: NDArray[np.int64], since: int) -> Carry:
    rows = window.rows.take(last)
    return Carry(rows.series, rows.time, rows.start, rows.bits, rows.kind == PointKind.INT, since)


def _metrics(window: _Window, part: Part, rises: NDArray[np.float64]) -> dict[str, MetricPart]:
    count = len(part.metrics)
    series = np.bincount(window.rows.metric[window.bounds[:-1]], minlength=count)
    totals = np.bincount(window.rows.metric, weights=rises, minlength=count)
    found: dict[str, MetricPart] = {}
    for row in sorted(range(count), key=lambda row: part.metrics[row]):
        metric, tally = part.metrics[row], part.tallies[row]
        # One name may stand for metrics that add up differently.
        before = found.get(metric.name, MetricPart())
        found[metric.name] = MetricPart(
            before.series + int(series[row]),
            before.points + int(tally[POINTS]),
            before.otlp_bytes + int(tally[OTLP_BYTES]),
            before.json_bytes + int(tally[JSON_BYTES]),
            before.total + float(totals[row]),
        )
    return found


def _processes(window: _Window, part: Part) -> dict[str, ProcessPart]:
    resources = part.resources
    is_process = resources.traits & IS_PROCESS != 0
    resource = window.rows.resource[window.bounds[:-1]]
    resource = resource[is_process[resource]]
    count = len(part.executables)
    series = np.bincount(resources.executable[resource], minlength=count)
    processes = np.bincount(resources.executable[_distinct(window, part, is_process)], minlength=count)
    named = ((part.executables[row], row) for row in np.flatnonzero(series).tolist())
    return {name: ProcessPart(int(processes[row]), int(series[row])) for name, row in sorted(named)}


def _critical(window: _Window, part: Part, plan: WindowPlan) -> dict[str, int]:
    mask = part.resources.critical[_distinct(window, part, part.resources.critical != 0)]
    counts = (
        (pattern.text, int(np.count_nonzero(mask >> np.uint64(place) & np.uint64(1))))
        for place, pattern in enumerate(plan.critical)
    )
    return {text: count for text, count in counts if count}


def _distinct(window: _Window, part: Part, where: NDArray[np.bool_]) -> NDArray[np.int64]:
    # One row of the resources for each distinct one that points of this window belong to.
    used = np.unique(window.rows.resource)
    used = used[where[used]]
    _, first = np.unique(part.resources.hash[used], return_index=True)
    return used[first].astype(np.int64)


def _corruption(window: _Window, part: Part, plan: WindowPlan, fell: NDArray[np.int64]) -> dict[str, int]:
    lost = part.resources.traits[window.rows.resource[window.bounds[:-1]]] & HAS_HOST == 0
    counts = {
        DUPLICATE_IDENTITY: int(np.count_nonzero(window.follows_closely(plan.too_close))),
        COUNTER_FELL: len(fell),
        HOST_IDENTITY_LOST: int(np.count_nonzero(lost)),
    }
    return {kind: count for kind, count in counts.items() if count}
