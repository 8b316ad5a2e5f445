"""Fields of histograms and summaries, once per distinct rest (contexts/internal/ctxdatapoint of pkg/ottl 0.160)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from phoenix.engine.columns import Coded
from phoenix.engine.expressions.coding import Coder, distinct
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.paths.fields import FieldError, expect
from phoenix.engine.paths.points import ROWS
from phoenix.engine.scalar.arithmetic import wrap
from phoenix.engine.values.lists import Counts, Doubles, Strings
from phoenix.engine.values.pdata import Pdata, PdataKind
from phoenix.engine.values.rest_codec import read_rest, write_rest
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, NumberRest, PointRest, SummaryRest
from phoenix.engine.values.value import Value
from phoenix.telemetry.capture import PointKind

_KINDS: Final = 6


@dataclass(frozen=True, slots=True)
class RestField:
    """A field that points of some types have.

    Attributes:
        of: the types.
        read: what it holds.
        write: the rest once it holds a value; raises FieldError.
    """

    of: tuple[type, ...]
    read: Callable[[Any], Value]
    write: Callable[[Any, Value], PointRest]


def read_rest_field(rows: Rows, name: str) -> Coded:
    """Return a field of `RESTS` for every point; nil where the point has no such field."""
    field, points, pool = RESTS[name], rows.frame.points, rows.frame.pools.rests
    used = rows.used(ROWS)
    (kinds, rests), which = distinct([points.kind[used], points.rest[used] + 1], [_KINDS, len(pool) + 1])
    coder = Coder()
    made = []
    for kind, row in zip(kinds.tolist(), rests.tolist(), strict=True):
        rest = read_rest(kind, pool[row - 1] if row else None)
        made.append(coder.code(field.read(rest) if isinstance(rest, field.of) else None))
    codes = np.zeros(len(points), dtype=np.int32)
    if made:
        codes[used] = np.array(made, dtype=np.int32)[which]
    return Coded(ROWS, codes, coder.values)


def write_rest_field(name: str, rest: PointRest, value: Value) -> PointRest:
    """Return the rest of a point after its field of `RESTS` is set.

    Raises:
        FieldError: the value is of another type, or the point has no such field.
    """
    field = RESTS[name]
    if not isinstance(rest, field.of):
        raise FieldError("unsupported data point type")
    return field.write(rest, value)


def _counts(value: Value) -> tuple[int, ...]:
    # ctxutil.SetCommonIntSliceValues: uint64 of every int64.
    if value is None:
        return ()
    if not isinstance(value, tuple) or isinstance(value, (Strings, Doubles)):
        raise FieldError("cannot set a slice of counts from this type")
    if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
        raise FieldError("invalid value type provided for a slice of counts, expected int64")
    return tuple(int(item) % (1 << 64) for item in value)  # type: ignore[arg-type]  # checked above


def _doubles(value: Value) -> tuple[float, ...]:
    if value is None:
        return ()
    if not isinstance(value, tuple) or isinstance(value, (Strings, Counts)):
        raise FieldError("invalid type provided for a slice of doubles")
    if not all(isinstance(item, float) for item in value):
        raise FieldError("invalid value type provided for a slice of doubles")
    return tuple(value)  # type: ignore[arg-type]  # checked above


def _int32(value: Value) -> int:
    return (expect(value, int) + (1 << 31)) % (1 << 32) - (1 << 31)


def _uint64(value: Value) -> int:
    return expect(value, int) % (1 << 64)


def _side(name: str) -> Mapping[str, RestField]:
    def offset(rest: ExponentialRest, value: Value) -> ExponentialRest:
        return replace(rest, **{name: replace(getattr(rest, name), offset=_int32(value))})

    def counts(rest: ExponentialRest, value: Value) -> ExponentialRest:
        return replace(rest, **{name: replace(getattr(rest, name), bucket_counts=_counts(value))})

    of = (ExponentialRest,)
    return {
        f"{name}.offset": RestField(of, lambda rest: getattr(rest, name).offset, offset),
        f"{name}.bucket_counts": RestField(of, lambda rest: Counts(getattr(rest, name).bucket_counts), counts),
    }


@dataclass(frozen=True, slots=True)
class _Part:
    # A part of a point, which goes by itself into an empty rest of its kind.
    place: str
    kind: PdataKind
    of: tuple[type, ...]
    size: Callable[[Any], int | None]
    alone: Callable[[Any], PointRest]
    put: Callable[[Any, bytes], PointRest]

    def field(self) -> RestField:
        return RestField(self.of, self._read, self._write)

    def _read(self, rest: Any) -> Pdata:
        return Pdata(self.kind, self.place, self.size(rest), write_rest(self.alone(rest)))

    def _write(self, rest: Any, value: Value) -> PointRest:
        if not isinstance(value, Pdata) or value.kind is not self.kind:
            raise FieldError(f"expects {self.kind} but got a value of another type")
        return self.put(rest, value.written)


def _exemplars(rest: NumberRest | HistogramRest | ExponentialRest, written: bytes) -> PointRest:
    held = read_rest(PointKind.NO_VALUE, written)
    assert isinstance(held, NumberRest)  # noqa: S101 a point without a value is a number's
    return replace(rest, exemplars=held.exemplars)


def _quantiles(rest: SummaryRest, written: bytes) -> SummaryRest:
    held = read_rest(PointKind.SUMMARY, written)
    assert isinstance(held, SummaryRest)  # noqa: S101 the kind says so
    return replace(rest, quantile_values=held.quantile_values)


def _half(name: str) -> RestField:
    def put(rest: ExponentialRest, written: bytes) -> ExponentialRest:
        held = read_rest(PointKind.EXPONENTIAL_HISTOGRAM, written)
        assert isinstance(held, ExponentialRest)  # noqa: S101 the kind says so
        half: dict[str, Any] = {name: held.positive}
        return replace(rest, **half)

    def alone(rest: ExponentialRest) -> ExponentialRest:
        return ExponentialRest(positive=getattr(rest, name))

    return _Part(name, PdataKind.BUCKETS, (ExponentialRest,), lambda _: None, alone, put).field()


_ALL: Final = (HistogramRest, ExponentialRest, SummaryRest)
RESTS: Final[Mapping[str, RestField]] = {
    "count": RestField(_ALL, lambda rest: wrap(rest.count), lambda rest, value: replace(rest, count=_uint64(value))),
    "sum": RestField(
        _ALL,
        lambda rest: 0.0 if rest.sum is None else rest.sum,
        lambda rest, value: replace(rest, sum=expect(value, float)),
    ),
    "bucket_counts": RestField(
        (HistogramRest,),
        lambda rest: Counts(rest.bucket_counts),
        lambda rest, value: replace(rest, bucket_counts=_counts(value)),
    ),
    "explicit_bounds": RestField(
        (HistogramRest,),
        lambda rest: Doubles(rest.explicit_bounds),
        lambda rest, value: replace(rest, explicit_bounds=_doubles(value)),
    ),
    "scale": RestField(
        (ExponentialRest,), lambda rest: rest.scale, lambda rest, value: replace(rest, scale=_int32(value))
    ),
    "zero_count": RestField(
        (ExponentialRest,),
        lambda rest: wrap(rest.zero_count),
        lambda rest, value: replace(rest, zero_count=_uint64(value)),
    ),
    "exemplars": _Part(
        "exemplars",
        PdataKind.EXEMPLARS,
        (NumberRest, HistogramRest, ExponentialRest),
        lambda rest: len(rest.exemplars),
        lambda rest: NumberRest(rest.exemplars),
        _exemplars,
    ).field(),
    "quantile_values": _Part(
        "quantile_values",
        PdataKind.QUANTILES,
        (SummaryRest,),
        lambda rest: len(rest.quantile_values),
        lambda rest: SummaryRest(quantile_values=rest.quantile_values),
        _quantiles,
    ).field(),
    "positive": _half("positive"),
    "negative": _half("negative"),
    **_side("positive"),
    **_side("negative"),
}
