"""A series that stayed, at a time that stayed, with another value: the most silent damage there is."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import UNPAIRED, Pairing
from phoenix.decide.loss.words import clock_text, series_text
from phoenix.telemetry.capture import PointKind

_WHY = (
    "The pipeline keeps the series but reports another value at the same time, and nothing declares that it should. "
    "Dashboards and alerts go on working, on wrong numbers."
)
_EXACT_IN_A_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class _Joined:
    """Points of both sides of paired series, sorted so that those of one series and time stand together, by value.

    Attributes:
        series: int64[M], series of the input.
        time: uint64[M].
        value: int64[M], equal for equal values.
        step: int64[M], 1 for a point of the output, -1 for one of the input.
        row: int64[M], the sorted point on its side.
    """

    series: NDArray[np.int64]
    time: NDArray[np.uint64]
    value: NDArray[np.int64]
    step: NDArray[np.int64]
    row: NDArray[np.int64]


def value_changed(pairing: Pairing, declared: AbstractSet[str] = frozenset()) -> list[Corruption]:
    """Return one finding for each metric; `count` is the points with another value.

    Compared are series that kept name, type and temporality, at times that both sides have. Values are equal if their
    numbers are, whether written as integer or double; points that are no numbers if their bytes are. Where a time has
    more points than it had, the extra ones are duplicates, not changes.

    Args:
        pairing: the two captures.
        declared: names of metrics whose values the config declares to change.
    """
    joined = _join(pairing, declared)
    starts, changed = _changes(joined)
    if not changed.any():
        return []
    name = pairing.name_before[joined.series[starts]]
    by_name = np.bincount(name, weights=changed, minlength=len(pairing.names)).astype(np.int64)
    return [
        _finding(pairing, joined, int(by_name[one]), int(starts[np.flatnonzero((changed > 0) & (name == one))[0]]))
        for one in np.flatnonzero(by_name)
    ]


def _join(pairing: Pairing, declared: AbstractSet[str]) -> _Joined:
    before, after = pairing.before, pairing.after
    wanted = np.array([name not in declared for name in pairing.names], np.bool_)
    pairs = np.flatnonzero((pairing.after_of != UNPAIRED) & wanted[pairing.name_before])
    partners = pairing.after_of[pairs]
    form_before, form_after = _forms(before, after)
    values = value_before, value_after = _values(before, after)
    alike = form_before[pairs] == form_after[partners]
    # Most series are as they were, and comparing costs a tenth of sorting.
    alike[alike] = ~_untouched(pairing, pairs[alike], values)
    series_of = np.full(len(after), UNPAIRED, np.int64)
    series_of[partners[alike]] = pairs[alike]
    compared = np.zeros(len(before), np.bool_)
    compared[pairs[alike]] = True
    rows_before = np.flatnonzero(compared[before.series])
    rows_after = np.flatnonzero(series_of[after.series] != UNPAIRED)
    series = np.concatenate([before.series[rows_before].astype(np.int64), series_of[after.series[rows_after]]])
    time = np.concatenate([before.time[rows_before], after.time[rows_after]])
    value = np.concatenate([value_before[rows_before], value_after[rows_after]])
    step = np.repeat(np.array([-1, 1], np.int64), [len(rows_before), len(rows_after)])
    order = np.lexsort((value, time, series))
    row = np.concatenate([rows_before, rows_after])
    return _Joined(series[order], time[order], value[order], step[order], row[order])


def _untouched(
    pairing: Pairing, pairs: NDArray[np.int64], values: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.bool_]:
    """Return bool[P]: the series of the input and its partner have equal times and values, one point after the other.

    Those that have not may still be the same: points of one time stand in the order of their start times.
    """
    partners = pairing.after_of[pairs]
    sides = ((pairing.before, pairs, values[0]), (pairing.after, partners, values[1]))
    same: NDArray[np.bool_] = pairing.before.points[pairs] == pairing.after.points[partners]
    counts = pairing.before.points[pairs[same]]
    number = np.repeat(np.flatnonzero(same), counts)
    within = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = [within + np.repeat(side.offsets[series[same]], counts) for side, series, _ in sides]
    (time_before, time_after), (value_before, value_after) = (
        [side.time[row] for (side, _, _), row in zip(sides, rows, strict=True)],
        [value[row] for (_, _, value), row in zip(sides, rows, strict=True)],
    )
    same[number[(time_before != time_after) | (value_before != value_after)]] = False
    return same


def _forms(before: Observed, after: Observed) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each series of both sides a number for its type, temporality and monotonicity."""
    seen: dict[tuple[str, int, bool], int] = {}
    tables = []
    for side in (before, after):
        table = np.zeros(len(side.capture.metrics.values), np.int32)
        for row, metric in side.metrics.items():
            table[row] = seen.setdefault((metric.type, metric.temporality, metric.monotonic), len(seen))
        tables.append(table[side.metric])
    return tables[0], tables[1]


def _values(before: Observed, after: Observed) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each sorted point of both sides an integer that is equal where values are."""
    sides = (before, after)
    said = pa.concat_arrays([side.capture.points.rest_values for side in sides]).dictionary_encode()
    codes = said.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    split = len(before.capture.points.rest_values)
    first, second = (_value(side, code) for side, code in zip(sides, (codes[:split], codes[split:]), strict=True))
    return first, second


def _value(side: Observed, rest_codes: NDArray[np.int64]) -> NDArray[np.int64]:
    numbers = np.where(side.numbers == 0, 0.0, side.numbers)  # 0.0 and -0.0 are one number
    exact = (side.kind == PointKind.DOUBLE) | (
        (side.kind == PointKind.INT) & (side.bits <= _EXACT_IN_A_DOUBLE) & (side.bits >= -_EXACT_IN_A_DOUBLE)
    )
    value = np.where(exact, numbers.view(np.int64), side.bits)
    rest = side.capture.points.rest[side.row]
    structured = (side.kind > PointKind.DOUBLE) & (rest >= 0)
    value[structured] = rest_codes[rest[structured]]
    return value


def _changes(joined: _Joined) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each series and time begins in `joined`, and how many of its points have a value it never had."""
    count = len(joined.series)
    if not count:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    place = np.ones(count, np.bool_)
    place[1:] = (np.diff(joined.series) != 0) | (np.diff(joined.time) != 0)
    run = place.copy()
    run[1:] |= np.diff(joined.value) != 0
    starts, runs = np.flatnonzero(place), np.flatnonzero(run)
    added = np.maximum(np.add.reduceat(joined.step, runs), 0)
    added = np.add.reduceat(added, np.searchsorted(runs, starts))
    surplus = np.maximum(np.add.reduceat(joined.step, starts), 0)
    was_there = np.minimum.reduceat(joined.step, starts) < 0
    return starts, np.where(was_there, np.maximum(added - surplus, 0), 0)


def _finding(pairing: Pairing, joined: _Joined, count: int, start: int) -> Corruption:
    series, time = joined.series[start], joined.time[start]
    same = np.flatnonzero((joined.series == series) & (joined.time == time))
    rows = joined.row[same]
    old = pairing.before.numbers[rows[joined.step[same] < 0]]
    new = pairing.after.numbers[rows[joined.step[same] > 0]]
    shown = np.setdiff1d(new, old)
    text = f"{old[0]:g} became {shown[0]:g}" if len(shown) and np.isfinite([old[0], shown[0]]).all() else "it changed"
    return Corruption(
        CorruptionKind.VALUE_CHANGED,
        pairing.names[pairing.name_before[series]],
        count,
        f"at {clock_text(int(time))} the value of {series_text(pairing.before, int(series))}: {text}",
        _WHY,
    )
