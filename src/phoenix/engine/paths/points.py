"""Times, flags and values of points, as the arrays they are (contexts/internal/ctxdatapoint of pkg/ottl 0.160)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Meaning, Numbers, Space
from phoenix.engine.expressions.remembering import remembered
from phoenix.engine.expressions.rows import Rows, uniform
from phoenix.engine.frame import Level, Mask, PointTable
from phoenix.engine.paths.fields import POINTS
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.pdata import Pdata
from phoenix.telemetry.capture import PointKind

ROWS: Final = Space(Level.POINT)


def read_number(rows: Rows, name: str) -> Numbers:
    """Return a field of `NUMBERS` for every point; nil where the point has no such field."""
    return _READERS[name](rows.frame.points)


def read_points(rows: Rows) -> Coded:
    """Return data_points of every metric: its type, and how many there are."""
    frame = rows.frame
    alive = frame.alive(Level.POINT)
    metric = frame.points.metric if alive is None else frame.points.metric[alive]
    counts = np.bincount(metric, minlength=frame.size(Level.METRIC))
    pool = frame.pools.metrics
    types = np.zeros(len(pool), dtype=np.int64)
    for row in rows.used(Space(Level.METRIC, by_value=True)).tolist():
        types[row] = pool[row].type
    keys, which = np.unique(counts << 8 | types[frame.metrics.value], return_inverse=True)
    values = [_points(MetricType(key & 0xFF), key >> 8) for key in keys.tolist()]
    return Coded(Space(Level.METRIC), which.reshape(-1).astype(np.int32), values)


def _points(type_: MetricType, size: int) -> Pdata | None:
    return Pdata(POINTS[type_], "data_points", size) if type_ in POINTS else None


def write_number(points: PointTable, name: str, bits: NDArray[np.int64], where: Mask) -> PointTable:
    """Return the points with a field of `NUMBERS` set.

    Args:
        points: the points.
        name: of the field.
        bits: int64[n], as in a column of numbers of the type in `NUMBERS`.
        where: bool[n], the points to change; all have the field.
    """
    match name:
        case "time" | "time_unix_nano":
            return replace(points, time=_mixed(points.time, bits.view(np.uint64), where))
        case "start_time" | "start_time_unix_nano":
            return replace(points, start_time=_mixed(points.start_time, bits.view(np.uint64), where))
        case "flags":
            return replace(points, flags=_mixed(points.flags, bits.astype(np.uint32), where))
        case _:
            kind = np.uint8(PointKind.INT if name == "value_int" else PointKind.DOUBLE)
            mixed = _mixed(points.kind, np.broadcast_to(kind, points.kind.shape), where)
            return replace(points, bits=_mixed(points.bits, bits, where), kind=mixed)


def is_number(points: PointTable) -> Mask | None:
    """Return which points are of a gauge or a sum; None when all are."""
    return remembered("is a number", (points.kind,), lambda: _only(points.kind <= PointKind.DOUBLE))


def _mixed(before: NDArray[Any], after: NDArray[Any], where: Mask) -> NDArray[Any]:
    return np.where(where, after, before)


def _integers(bits: NDArray[np.int64], meaning: Meaning = Meaning.NUMBER) -> Numbers:
    return Numbers(ROWS, uniform(len(bits), is_int=True), bits, meaning=meaning)


def _value(points: PointTable, kind: PointKind) -> Numbers:
    # A point that holds the other type, or no value, says 0.
    same = remembered(f"is {kind}", (points.kind,), lambda: _only(points.kind == kind))
    bits = points.bits if same is None else points.bits * same
    numbers = is_number(points)
    other = None if numbers is None else np.where(numbers, np.int32(-1), np.int32(0))
    return Numbers(ROWS, uniform(len(bits), is_int=kind is PointKind.INT), bits, other, (None,))


def _only(mask: Mask) -> Mask | None:
    return None if mask.all() else mask


_READERS: Final[Mapping[str, Callable[[PointTable], Numbers]]] = {
    "time_unix_nano": lambda points: _integers(points.time.view(np.int64)),
    "start_time_unix_nano": lambda points: _integers(points.start_time.view(np.int64)),
    "time": lambda points: _integers(points.time.view(np.int64), Meaning.TIME),
    "start_time": lambda points: _integers(points.start_time.view(np.int64), Meaning.TIME),
    "flags": lambda points: _integers(points.flags.astype(np.int64)),
    "value_int": lambda points: _value(points, PointKind.INT),
    "value_double": lambda points: _value(points, PointKind.DOUBLE),
}
# What a setter takes: an int, a double or a time.
NUMBERS: Final[Mapping[str, tuple[Meaning, bool]]] = {
    "time_unix_nano": (Meaning.NUMBER, True),
    "start_time_unix_nano": (Meaning.NUMBER, True),
    "time": (Meaning.TIME, True),
    "start_time": (Meaning.TIME, True),
    "flags": (Meaning.NUMBER, True),
    "value_int": (Meaning.NUMBER, True),
    "value_double": (Meaning.NUMBER, False),
}
