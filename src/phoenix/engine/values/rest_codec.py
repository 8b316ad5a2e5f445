"""Rests of points between OTLP's bytes and objects, and once per distinct rest of many points.

Four messages share one pool of bytes, so a rest is read with the kind of its point. Reading and writing are pdata's
(1.66.0, internal/generated_proto_*.go): what it does not know is gone, counts are packed, both halves of an exponential
histogram always stand, and zeros that need no field have none.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s
from phoenix.engine.pool import Pool
from phoenix.engine.values.codec import read_pairs, write_pairs
from phoenix.engine.values.nodes import Rest
from phoenix.engine.values.rests import (
    Buckets,
    Exemplar,
    ExponentialRest,
    HistogramRest,
    NumberRest,
    PointRest,
    Quantile,
    SummaryRest,
)
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.values.message import (
    FIXED64,
    LENGTH,
    VARINT,
    Field,
    fixed64_field,
    length_field,
    read_fields,
    varint,
    varint_field,
)

T = TypeVar("T")

_UINT32: Final = 0xFFFFFFFF


def read_rest(kind: int, written: Rest | None) -> PointRest:
    """Return what the rest of a point of this `PointKind` says; None is the rest of a point that has none."""
    fields = read_fields(written or b"")
    if kind == PointKind.HISTOGRAM:
        return _read_histogram(fields)
    if kind == PointKind.EXPONENTIAL_HISTOGRAM:
        return _read_exponential(fields)
    if kind == PointKind.SUMMARY:
        return _read_summary(fields)
    return NumberRest(_Held(fields).exemplars(5))


def write_rest(rest: PointRest) -> Rest:
    """Return the bytes of a rest, in the order of field numbers; empty when it says nothing."""
    match rest:
        case NumberRest():
            return _write_exemplars(5, rest.exemplars)
        case HistogramRest():
            return _write_histogram(rest)
        case ExponentialRest():
            return _write_exponential(rest)
        case SummaryRest():
            return _write_summary(rest)


def rest_at(pool: Pool[Rest], kind: int, row: int) -> PointRest:
    """Return the rest of a point of this kind whose column says `row`, which may be -1."""
    return read_rest(kind, pool[row] if row >= 0 else None)


def add_rest(pool: Pool[Rest], rest: PointRest) -> int:
    """Return the row of a rest, -1 when it says nothing."""
    written = write_rest(rest)
    return pool.add(written) if written else -1


def look(
    pool: Pool[Rest], kinds: NDArray[np.uint8], rows: Int32s, read: Callable[[PointRest], T]
) -> tuple[Int32s, list[T]]:
    """Return what `read` finds in the rests of points: (int32[n] into the list, what there is).

    Args:
        pool: where `rows` are.
        kinds: uint8[n], `PointTable.kind` of the points.
        rows: int32[n], `PointTable.rest` of the same points.
        read: called once per distinct rest.
    """
    distinct, which = _distinct(kinds, rows)
    return which, [read(rest_at(pool, kind, row)) for kind, row in distinct]


def change(
    pool: Pool[Rest], kinds: NDArray[np.uint8], rows: Int32s, changed: Callable[[PointRest], PointRest]
) -> Int32s:
    """Return int32[n]: the rows of what `changed` makes of the rests of points, once per distinct rest.

    One that is given back as it was keeps its row, with what pdata would not write again.
    """
    distinct, which = _distinct(kinds, rows)
    made = []
    for kind, row in distinct:
        before = rest_at(pool, kind, row)
        after = changed(before)
        made.append(row if after is before else add_rest(pool, after))
    return np.array(made, dtype=np.int32)[which]


def _distinct(kinds: NDArray[np.uint8], rows: Int32s) -> tuple[list[tuple[int, int]], Int32s]:
    # Numbers read alike, whatever their value is.
    messages = np.where(kinds < PointKind.HISTOGRAM, PointKind.NO_VALUE, kinds).astype(np.int64)
    keys, which = np.unique(messages << 32 | (rows.astype(np.int64) + 1), return_inverse=True)
    return [(key >> 32, (key & _UINT32) - 1) for key in keys.tolist()], which.reshape(-1).astype(np.int32)


def _read_histogram(fields: Iterable[Field]) -> HistogramRest:
    held = _Held(fields)
    return HistogramRest(
        count=held.integer(4),
        sum=held.double(5),
        bucket_counts=held.fixed(6, "Q"),
        explicit_bounds=held.fixed(7, "d"),
        exemplars=held.exemplars(8),
        min=held.double(11),
        max=held.double(12),
    )


def _write_histogram(rest: HistogramRest) -> bytes:
    return b"".join(
        (
            _integer(4, rest.count),
            _double(5, rest.sum),
            _fixed(6, "Q", rest.bucket_counts),
            _fixed(7, "d", rest.explicit_bounds),
            _write_exemplars(8, rest.exemplars),
            _double(11, rest.min),
            _double(12, rest.max),
        )
    )


def _read_exponential(fields: Iterable[Field]) -> ExponentialRest:
    held = _Held(fields)
    return ExponentialRest(
        count=held.integer(4),
        sum=held.double(5),
        scale=held.signed(6),
        zero_count=held.integer(7),
        positive=held.buckets(8),
        negative=held.buckets(9),
        exemplars=held.exemplars(11),
        min=held.double(12),
        max=held.double(13),
        zero_threshold=held.plain(14),
    )


def _write_exponential(rest: ExponentialRest) -> bytes:
    return b"".join(
        (
            _integer(4, rest.count),
            _double(5, rest.sum),
            _signed(6, rest.scale),
            _integer(7, rest.zero_count),
            length_field(8, _write_buckets(rest.positive)),
            length_field(9, _write_buckets(rest.negative)),
            _write_exemplars(11, rest.exemplars),
            _double(12, rest.min),
            _double(13, rest.max),
            _said(14, rest.zero_threshold),
        )
    )


def _read_summary(fields: Iterable[Field]) -> SummaryRest:
    held = _Held(fields)
    quantiles = tuple(
        Quantile(part.plain(1), part.plain(2)) for part in (_Held(read_fields(payload)) for payload in held.messages(6))
    )
    return SummaryRest(held.integer(4), held.plain(5), quantiles)


def _write_summary(rest: SummaryRest) -> bytes:
    quantiles = (length_field(6, _said(1, held.quantile) + _said(2, held.value)) for held in rest.quantile_values)
    return _integer(4, rest.count) + _said(5, rest.sum) + b"".join(quantiles)


class _Held:
    # The fields of one message by number; of a scalar that stands twice the last counts.

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields: dict[int, list[Field]] = {}
        for field in fields:
            self._fields.setdefault(field.number, []).append(field)

    def integer(self, number: int) -> int:
        payload = self._last(number, FIXED64)
        return int.from_bytes(payload, "little") if payload else 0

    def double(self, number: int) -> float | None:
        payload = self._last(number, FIXED64)
        return struct.unpack("<d", payload)[0] if payload else None

    def plain(self, number: int) -> float:
        value = self.double(number)
        return 0.0 if value is None else value

    def signed(self, number: int) -> int:
        # An sint32, as pdata takes it out of 64 bits.
        value = 0
        for field in self._of(number, VARINT):
            half = (field.varint >> 1) & _UINT32
            value = half ^ (_UINT32 if field.varint & 1 else 0)
        return value - (1 << 32) if value >> 31 else value

    def fixed(self, number: int, form: str) -> tuple[int, ...]:
        # Eight bytes each. A packed field puts its values in place of those before, as pdata does; others go behind.
        packed = b""
        for field in self._fields.get(number, ()):
            if field.wire == LENGTH:
                packed = field.payload
            elif field.wire == FIXED64:
                packed += field.payload
        return struct.unpack(f"<{len(packed) // 8}{form}", packed)

    def messages(self, number: int) -> Iterator[bytes]:
        return (field.payload for field in self._of(number, LENGTH))

    def exemplars(self, number: int) -> tuple[Exemplar, ...]:
        return tuple(map(_read_exemplar, self.messages(number)))

    def buckets(self, number: int) -> Buckets:
        held = _Held(read_fields(b"".join(self.messages(number))))
        counts: list[int] = []
        for field in held._fields.get(2, ()):
            counts += [field.varint] if field.wire == VARINT else _read_varints(field.payload)
        return Buckets(held.signed(1), tuple(counts))

    def _of(self, number: int, wire: int) -> Iterator[Field]:
        return (field for field in self._fields.get(number, ()) if field.wire == wire)

    def _last(self, number: int, wire: int) -> bytes:
        payload = b""
        for field in self._of(number, wire):
            payload = field.payload
        return payload


def _read_exemplar(message: bytes) -> Exemplar:
    time, value, pairs = 0, None, []
    ids = {4: b"", 5: b""}
    for field in read_fields(message):
        match field.number, field.wire:
            case 2, 1:
                time = int.from_bytes(field.payload, "little")
            case 3, 1:
                value = struct.unpack("<d", field.payload)[0]
            case 6, 1:
                value = int.from_bytes(field.payload, "little", signed=True)
            case ((4 | 5), 2):
                ids[field.number] = field.payload if any(field.payload) else b""
            case 7, 2:
                pairs.append(field.payload)
            case _:
                continue
    return Exemplar(time, value, trace_id=ids[5], span_id=ids[4], filtered_attributes=read_pairs(pairs))


def _write_exemplars(number: int, exemplars: Iterable[Exemplar]) -> bytes:
    return b"".join(length_field(number, _write_exemplar(exemplar)) for exemplar in exemplars)


def _write_exemplar(exemplar: Exemplar) -> bytes:
    match exemplar.value:
        case None:
            value = b""
        case float():
            value = _double(3, exemplar.value)
        case _:
            value = fixed64_field(6, exemplar.value.to_bytes(8, "little", signed=True))
    pairs = b"".join(length_field(7, pair) for pair in write_pairs(exemplar.filtered_attributes))
    ids = length_field(4, exemplar.span_id) + length_field(5, exemplar.trace_id)
    return ids + value + _integer(2, exemplar.time) + pairs


def _write_buckets(buckets: Buckets) -> bytes:
    packed = b"".join(map(varint, buckets.bucket_counts))
    return _signed(1, buckets.offset) + (length_field(2, packed) if packed else b"")


def _read_varints(packed: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value & 0xFFFFFFFFFFFFFFFF)
            value = shift = 0
    return values


def _integer(number: int, value: int) -> bytes:
    return fixed64_field(number, value.to_bytes(8, "little")) if value else b""


def _double(number: int, value: float | None) -> bytes:
    return b"" if value is None else fixed64_field(number, struct.pack("<d", value))


def _said(number: int, value: float) -> bytes:
    # A double without presence; minus zero counts as zero.
    return _double(number, value) if value != 0 else b""


def _signed(number: int, value: int) -> bytes:
    return varint_field(number, ((value << 1) ^ (value >> 31)) & _UINT32) if value else b""


def _fixed(number: int, form: str, values: tuple[float, ...]) -> bytes:
    return length_field(number, struct.pack(f"<{len(values)}{form}", *values)) if values else b""
