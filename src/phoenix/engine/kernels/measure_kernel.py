"""The passes that measuring makes for each evaluation. Called by `engine.measuring`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.kernels.tree_kernel import Tree
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.sizes import field_size
from phoenix.telemetry.codec.wire import Int

_INT, _DOUBLE = 1, 2
_NO_RECORDED_VALUE = 1
_NEVER = np.int64(np.iinfo(np.int64).max)
# Differences of integers in this range cannot overflow.
_SAFE = 1 << 62
_MANTISSA = 0xFFFFFFFFFFFFF
_EXPONENT = 0x7FF
_LIMB = 0xFFFFFFFF

_DELTA = 2


class Sizes(NamedTuple):
    """Bytes and JSON bytes: of pool rows for resources and scopes, of rows for metrics.

    Attributes:
        resource_value, scope_value: int32, pool rows of the nodes.
        resources: int64[V, 2], bytes and JSON bytes.
        scopes: int64[V], bytes.
        metrics: int32[M], bytes as a field, children and all.
        json: int32[M], of the points below without what the resource and the name add.
        cell: int32[M], the cell of each metric node.
        cell_points: int64[cells], how many points a node of the cell has.
    """

    resource_value: NDArray[np.int32]
    scope_value: NDArray[np.int32]
    resources: NDArray[np.int64]
    scopes: NDArray[np.int64]
    metrics: NDArray[np.int32]
    json: NDArray[np.int32]
    cell: NDArray[np.int32]
    cell_points: NDArray[np.int64]


class Found(NamedTuple):
    """What a walk fills, from zeros.

    Attributes:
        counts: int64[cells], how many metric nodes of each cell are there.
        batches: bool[B], which batches hold points.
        resources: bool[V], which rows of the pool of resources have points.
        sums: int64[3]: bytes, JSON bytes less names, and points.
    """

    counts: NDArray[np.int64]
    batches: NDArray[np.bool_]
    resources: NDArray[np.bool_]
    sums: NDArray[np.int64]


@inner
def _walk_scope(tree: Tree, sizes: Sizes, scope: Int, found: Found) -> Int:
    # Returns the bytes of the scope as a field.
    size = sizes.scopes[sizes.scope_value[scope]]
    masked, json, points = tree.masked[2], np.int64(0), np.int64(0)
    for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
        if masked and tree.gone_metrics[metric]:
            continue
        cell = sizes.cell[metric]
        found.counts[cell] += 1
        size += sizes.metrics[metric]
        json += sizes.json[metric]
        points += sizes.cell_points[cell]
    found.sums[1] += json
    found.sums[2] += points
    return field_size(size)


@kernel
def walk(tree: Tree, sizes: Sizes, batch: NDArray[np.int32], found: Found) -> None:
    """Add up what is there; `batch` is int32[R], of each resource."""
    for resource in range(len(batch)):
        if tree.masked[0] and tree.gone_resources[resource]:
            continue
        value = sizes.resource_value[resource]
        size, before = sizes.resources[value, 0], found.sums[2]
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            if not (tree.masked[1] and tree.gone_scopes[scope]):
                size += _walk_scope(tree, sizes, scope, found)
        found.sums[0] += field_size(size)
        points = found.sums[2] - before
        if points > 0:
            found.batches[batch[resource]] = True
            found.resources[value] = True
            found.sums[1] += points * sizes.resources[value, 1]


@kernel
def bound_times(tree: Tree, time: NDArray[np.int64], bounds: NDArray[np.int64]) -> None:
    """Fill int64[R, 2] with the earliest and the latest time below each resource; points without a time aside."""
    for resource in range(len(bounds)):
        first, last = _NEVER, np.int64(0)
        below = tree.metrics[tree.scopes[resource]], tree.metrics[tree.scopes[resource + 1]]
        for row in range(tree.points[below[0]], tree.points[below[1]]):
            if time[row] != 0:
                first, last = np.int64(min(first, time[row])), np.int64(max(last, time[row]))
        bounds[resource, 0], bounds[resource, 1] = first, last


@inner
def _range_of(tree: Tree, time: NDArray[np.int64], resource: Int) -> tuple[np.int64, np.int64]:
    first, last = _NEVER, np.int64(0)
    for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
        if tree.masked[1] and tree.gone_scopes[scope]:
            continue
        for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
            if tree.masked[2] and tree.gone_metrics[metric]:
                continue
            for row in range(tree.points[metric], tree.points[metric + 1]):
                if time[row] != 0 and not (tree.masked[3] and tree.gone_points[row]):
                    first, last = np.int64(min(first, time[row])), np.int64(max(last, time[row]))
    return first, last


@kernel
def time_range(tree: Tree, time: NDArray[np.int64], bounds: NDArray[np.int64]) -> tuple[Int, Int]:
    """Return the earliest and the latest time there is; (0, 0) for none. Looks only where the answer may change."""
    first, last = _NEVER, np.int64(0)
    for resource in range(len(bounds)):
        if bounds[resource, 0] < first and not (tree.masked[0] and tree.gone_resources[resource]):
            first = np.int64(min(first, _range_of(tree, time, resource)[0]))
    # Time goes on with the requests, so the latest is found first from behind.
    for back in range(len(bounds)):
        resource = len(bounds) - 1 - back
        if bounds[resource, 1] > last and not (tree.masked[0] and tree.gone_resources[resource]):
            last = np.int64(max(last, _range_of(tree, time, resource)[1]))
    if first == _NEVER:
        return np.int64(0), np.int64(0)
    return first, last


class Counters(NamedTuple):
    """The points that counters are made of.

    Attributes:
        start_time, time, flags, kind, bits: of the points, times as signed integers.
        numbers: float64[N], the same as bits.
        cell: int32[M], of each metric node.
        counts: uint8[cells]: 0 adds nothing, 1 is cumulative, 2 is delta.
        account: int32[cells], the row of the sums that a cell adds to.
        slots: int64[cells + 1], where the points of a cell's nodes have their series.
        series: int32[...], the series of each slot.
        since: births count from here on.
    """

    start_time: NDArray[np.int64]
    time: NDArray[np.int64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    numbers: NDArray[np.float64]
    cell: NDArray[np.int32]
    counts: NDArray[np.uint8]
    account: NDArray[np.int32]
    slots: NDArray[np.int64]
    series: NDArray[np.int32]
    since: Int


class Sums(NamedTuple):
    """Exact sums.

    Attributes:
        integers: int64[accounts, 2], low halves and high halves.
        limbs: int64[accounts, L], doubles in units of 2**(32 * (i + low) - 1074).
        low: the first limb.
        points: int64[accounts, 2], how many integers and doubles counted.
        scratch: float64[1].
        scratch_bits: the same memory as int64.
    """

    integers: NDArray[np.int64]
    limbs: NDArray[np.int64]
    low: Int
    points: NDArray[np.int64]
    scratch: NDArray[np.float64]
    scratch_bits: NDArray[np.int64]


@inner
def _add_integer(sums: Sums, account: Int, value: Int) -> None:
    sums.integers[account, 0] += value & _LIMB
    sums.integers[account, 1] += value >> 32


@inner
def _add_double(sums: Sums, account: Int, value: float) -> bool:
    # Returns whether the limbs have room for it.
    if value == 0.0:
        return True
    sums.scratch[0] = value
    bits = sums.scratch_bits[0]
    exponent = (bits >> 52) & _EXPONENT
    mantissa = bits & _MANTISSA
    if exponent > 0:
        mantissa |= _MANTISSA + 1
        exponent -= 1
    limb, shift = (exponent >> 5) - sums.low, exponent & 31
    if limb < 0 or limb + 3 > sums.limbs.shape[1]:
        return False
    low = (mantissa & _LIMB) << shift
    high = ((mantissa >> 32) << shift) + (low >> 32)
    sign = np.int64(-1) if bits < 0 else np.int64(1)
    sums.limbs[account, limb] += sign * (low & _LIMB)
    sums.limbs[account, limb + 1] += sign * (high & _LIMB)
    sums.limbs[account, limb + 2] += sign * (high >> 32)
    return True


@inner
def _how(counters: Counters, row: Int, before: Int, cell: Int) -> Int:
    # What a point adds: 0 nothing, 1 its whole value, 2 the difference to the one before.
    if counters.counts[cell] == _DELTA:
        return np.int64(1)
    start = counters.start_time[row]
    if start != 0 and start >= counters.since and (before < 0 or counters.start_time[before] != start):
        return np.int64(1)
    return np.int64(0) if before < 0 else np.int64(2)


@inner
def _count(counters: Counters, sums: Sums, row: Int, before: Int, cell: Int) -> bool:
    account = counters.account[cell]
    how = _how(counters, row, before, cell)
    if counters.kind[row] == _INT:
        value = counters.bits[row]
        if not -_SAFE < value < _SAFE:
            return False
        sums.points[account, 0] += 1
        rise = value if how == 1 else np.int64(0)
        if how == 2:
            rise = max(np.int64(0), value - counters.bits[before])
        _add_integer(sums, account, rise)
        return True
    number = counters.numbers[row]
    sums.points[account, 1] += 1
    if how == 2:
        number = max(0.0, number - counters.numbers[before])
    if not np.isfinite(number):
        return False
    return True if how == 0 else _add_double(sums, account, number)


@inner
def _counts(counters: Counters, row: Int) -> bool:
    if counters.flags[row] & _NO_RECORDED_VALUE:
        return False
    kind = counters.kind[row]
    return kind == _INT or (kind == _DOUBLE and not np.isnan(counters.numbers[row]))


@inner
def _add_node(tree: Tree, counters: Counters, last: NDArray[np.int64], sums: Sums, metric: Int) -> bool:
    cell = counters.cell[metric]
    slot = counters.slots[cell]
    for row in range(tree.points[metric], tree.points[metric + 1]):
        if tree.masked[3] and tree.gone_points[row]:
            continue
        series = counters.series[slot]
        slot += 1
        if not _counts(counters, row):
            continue
        before = last[series]
        if before >= 0 and (counters.time[row] < counters.time[before] or counters.kind[row] != counters.kind[before]):
            return False
        if not _count(counters, sums, row, before, cell):
            return False
        last[series] = row
    return True


@kernel
def add_rises(tree: Tree, counters: Counters, last: NDArray[np.int64], sums: Sums) -> Int:
    """Add what each counter rose to the sums of its cell's account, in the order of the rows.

    Args:
        tree: the tree.
        counters: the points.
        last: int64[S], -1; the last point of each series is kept here.
        sums: what to add to.

    Returns:
        -1, or the first metric node with which it is not the order of time, or too large to be added here.
    """
    for resource in range(len(tree.scopes) - 1):
        if tree.masked[0] and tree.gone_resources[resource]:
            continue
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            if tree.masked[1] and tree.gone_scopes[scope]:
                continue
            for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
                if tree.masked[2] and tree.gone_metrics[metric]:
                    continue
                if counters.counts[counters.cell[metric]] and not _add_node(tree, counters, last, sums, metric):
                    return np.int64(metric)
    return np.int64(-1)


@kernel
def bound_starts(tree: Tree, counters: Counters, bounds: NDArray[np.int64]) -> None:
    """Widen int64[C, 2] to the first and the last start time of the counters in each cell; unset ones aside."""
    for metric in range(len(counters.cell)):
        cell = counters.cell[metric]
        if counters.counts[cell]:
            for row in range(tree.points[metric], tree.points[metric + 1]):
                start = counters.start_time[row]
                if start != 0:
                    bounds[cell, 0] = min(bounds[cell, 0], start)
                    bounds[cell, 1] = max(bounds[cell, 1], start)
