"""Bytes and JSON bytes of points and metrics, from columns. Called by `engine.measuring`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.sizes import field_size, varint_size
from phoenix.telemetry.codec.wire import Int

_NO_VALUE, _INT, _DOUBLE = 0, 1, 2
# {"name":,"time":,"value":} and a null, as telemetry.measure.flat_json writes them.
_FRAME, _NULL = 26, 4
_LEAST = np.iinfo(np.int64).min
# 10**19 as a signed integer of the same bits: the first time with twenty digits.
_TWENTY_DIGITS = -8446744073709551616


class NumberColumns(NamedTuple):
    """What a point says itself, times as signed integers of the same bits."""

    start_time: NDArray[np.int64]
    time: NDArray[np.int64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    rest: NDArray[np.int32]


class MetricColumns(NamedTuple):
    """What metric nodes need to know of their points.

    Attributes:
        first: int64[M + 1], the points of metric m are the rows [first[m], first[m + 1]).
        own: int32[N], bytes of each point without its attributes.
        own_json: int32[N], the same as JSON.
        attributes: int32[N], rows of the pool of attributes.
        sizes: int64[A], bytes of each row of that pool.
        json: int64[A], the same as JSON.
    """

    first: NDArray[np.int64]
    own: NDArray[np.int32]
    own_json: NDArray[np.int32]
    attributes: NDArray[np.int32]
    sizes: NDArray[np.int64]
    json: NDArray[np.int64]


@inner
def _digits(value: Int) -> Int:
    # Of what is not negative.
    digits = np.int64(1)
    while value >= 10000:
        value //= 10000
        digits += 4
    while value >= 10:
        value //= 10
        digits += 1
    return digits


@inner
def _integer_size(value: Int) -> Int:
    if value >= 0:
        return _digits(value)
    if value == _LEAST:
        return np.int64(20)
    return 1 + _digits(-value)


@inner
def _time_size(value: Int) -> Int:
    if value >= 0:
        return _digits(value)
    return np.int64(20) if value >= _TWENTY_DIGITS else np.int64(19)


@kernel
def size_own(
    points: NumberColumns, rests: NDArray[np.int64], own: NDArray[np.int32], own_json: NDArray[np.int32]
) -> Int:
    """Fill `own` and `own_json` with what each point takes without its attributes.

    JSON of doubles and of structured points is left as it stands in `own_json`.

    Args:
        points: the columns.
        rests: int64[...], bytes of each row of the pool of rests.
        own: int32[N].
        own_json: int32[N].

    Returns:
        How many points are dated beyond 2262, which no signed time can say.
    """
    late = np.int64(0)
    for row in range(len(own)):
        size = np.int64(0)
        if points.start_time[row] != 0:
            size += 9
        if points.time[row] != 0:
            size += 9
        kind = points.kind[row]
        if kind in (_INT, _DOUBLE):
            size += 9
        if points.flags[row] != 0:
            size += 1 + varint_size(np.int64(points.flags[row]))
        if points.rest[row] >= 0:
            size += rests[points.rest[row]]
        own[row] = size
        if points.time[row] < 0 or points.start_time[row] < 0:
            late += 1
        if kind == _INT:
            own_json[row] = _FRAME + _time_size(points.time[row]) + _integer_size(points.bits[row])
        elif kind == _NO_VALUE:
            own_json[row] = _FRAME + _time_size(points.time[row]) + _NULL
    return late


@kernel
def sum_points(
    columns: MetricColumns,
    gone: NDArray[np.bool_],
    data: NDArray[np.int32],
    json: NDArray[np.int32],
) -> None:
    """Fill `data` with the bytes of the points of each metric as fields, and `json` with their JSON bytes.

    Points that are `gone`, which is empty for none, do not count.
    """
    masked = len(gone) > 0
    for metric in range(len(data)):
        size, text = np.int64(0), np.int64(0)
        for row in range(columns.first[metric], columns.first[metric + 1]):
            if masked and gone[row]:
                continue
            attributes = columns.attributes[row]
            size += field_size(columns.own[row] + columns.sizes[attributes])
            text += columns.own_json[row] + columns.json[attributes]
        data[metric] = size
        json[metric] = text


@kernel
def size_metrics(
    value: NDArray[np.int32], facts: NDArray[np.int64], data_sizes: NDArray[np.int32], sizes: NDArray[np.int32]
) -> None:
    """Fill `sizes` with the bytes of each metric as a field.

    Args:
        value: int32[M], rows of the pool of metrics.
        facts: int64[V, 2]: bytes of a metric without its data; bytes of its data without points, -1 for no data.
        data_sizes: int32[M], bytes of the points.
        sizes: int32[M].
    """
    for metric in range(len(sizes)):
        base, data = facts[value[metric], 0], facts[value[metric], 1]
        size = base if data < 0 else base + field_size(data_sizes[metric] + data)
        sizes[metric] = field_size(size)
