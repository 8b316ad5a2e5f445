"""What rows give to a node above them: which rows have something to give, and what the node holds after them.

Called by `engine.statements.accumulating`: lists such as "add the value of this point to an attribute of its resource
where the metric has this name", as loops without an interpreter.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.kernels.statement_values_kernel import ABSENT, DOUBLE, INT, NIL, OTHER, add
from phoenix.engine.kernels.tree_kernel import Tree
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.codec.jit import inner, kernel

INITIAL, OVERWRITE, SUM = range(3)
"""What a step does with its value: sets it where there is none, sets it, adds it."""

WRITTEN, POINT_INT, POINT_DOUBLE = -1, -2, -3
"""Where the value of a step is from, when it is no column."""

_INT: Final = int(PointKind.INT)
_DOUBLE: Final = int(PointKind.DOUBLE)

# Bits of a mask that lets everything pass.
ALL: Final = 0xFF


class Gates(NamedTuple):
    """Where conditions hold, level by level: a bit for each condition.

    Attributes:
        resources, scopes, metrics, points: uint8, by row of the level or of its pool; empty where all hold everywhere.
        resource, scope, metric, point: int32, the row of the pool of each row; empty where there are no such gates, or
            they go by the level's own rows.
    """

    resources: NDArray[np.uint8]
    scopes: NDArray[np.uint8]
    metrics: NDArray[np.uint8]
    points: NDArray[np.uint8]
    resource: NDArray[np.int32]
    scope: NDArray[np.int32]
    metric: NDArray[np.int32]
    point: NDArray[np.int32]


class Given(NamedTuple):
    """The rows that have something to give, in runs, for each node above that gets something.

    Attributes:
        starts: int32[streams, n], the first row of each run, of the context's level; ascending.
        stops: int32[streams, n], behind the last one.
        owners: int32[streams, n], the row above.
        bits: uint8[streams, n], the conditions that hold at all of them.
        counts: int64[streams], how many runs of each stream there are.
    """

    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    owners: NDArray[np.int32]
    bits: NDArray[np.uint8]
    counts: NDArray[np.int64]


@inner
def _passing(gates: Any, index: Any, row: Any) -> Any:
    if len(gates) == 0:
        return ALL
    if len(index) > 0:
        return gates[index[row]]
    return gates[row]


@inner
def _give(given: Any, wanted: Any, bits: Any, run: Any) -> None:
    start, stop, owner = run
    for stream in range(len(wanted)):
        if bits & wanted[stream]:
            place = given.counts[stream]
            given.starts[stream, place] = start
            given.stops[stream, place] = stop
            given.owners[stream, place] = owner
            given.bits[stream, place] = bits
            given.counts[stream] = place + 1


@inner
def _among_points(tree: Any, gates: Any, wanted: Any, given: Any, place: Any) -> None:
    metric, bits, owner = place
    start, stop = tree.points[metric], tree.points[metric + 1]
    if len(gates.points) == 0 and not tree.masked[3]:
        if start < stop:
            _give(given, wanted, bits, (start, stop, owner))
        return
    for point in range(start, stop):
        here = bits & _passing(gates.points, gates.point, point)
        if here and not (tree.masked[3] and tree.gone_points[point]):
            _give(given, wanted, here, (point, point + 1, owner))


@inner
def _among_metrics(tree: Any, gates: Any, wanted: Any, given: Any, place: Any) -> None:
    scope, bits, resource, depth, level = place
    for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
        here = bits & _passing(gates.metrics, gates.metric, metric)
        if here == 0 or (tree.masked[2] and tree.gone_metrics[metric]):
            continue
        owner = resource if level == 0 else (scope if level == 1 else metric)
        if depth == 2:
            _give(given, wanted, here, (metric, metric + 1, owner))
        else:
            _among_points(tree, gates, wanted, given, (metric, here, owner))


@kernel
def give(tree: Tree, gates: Gates, wanted: NDArray[np.uint8], levels: tuple[int, int], given: Given) -> None:
    """Fill `given`, whose counts are zero.

    Args:
        tree: whose rows.
        gates: where conditions hold.
        wanted: for each stream, the conditions of which one must hold.
        levels: of the rows, and of those above that get something.
        given: with room for all rows.
    """
    depth, level = levels
    for resource in range(len(tree.scopes) - 1):
        bits = _passing(gates.resources, gates.resource, resource)
        if bits == 0 or (tree.masked[0] and tree.gone_resources[resource]):
            continue
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            here = bits & _passing(gates.scopes, gates.scope, scope)
            if here == 0 or (tree.masked[1] and tree.gone_scopes[scope]):
                continue
            if depth == 1:
                _give(given, wanted, here, (scope, scope + 1, resource))
            else:
                _among_metrics(tree, gates, wanted, given, (scope, here, resource, depth, level))


class Steps(NamedTuple):
    """What is done at each row, in order.

    Attributes:
        how: int64[steps, 5]: what, the conditions of which one must hold, where its value is from (a column, `WRITTEN`,
            `POINT_INT`, `POINT_DOUBLE`), and the tag and bits of one that is written out.
        tags: uint8[columns, n], values by row given.
        bits: int64[columns, n].
        kind: uint8[N], of all points.
        values: int64[N], their bits.
    """

    how: NDArray[np.int64]
    tags: NDArray[np.uint8]
    bits: NDArray[np.int64]
    kind: NDArray[np.uint8]
    values: NDArray[np.int64]


class Runs(NamedTuple):
    """One stream of `Given`."""

    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    owners: NDArray[np.int32]
    bits: NDArray[np.uint8]


class Totals(NamedTuple):
    """What the rows above hold: tags, bits, the same bits as doubles; `changed` marks what was set."""

    tags: NDArray[np.uint8]
    bits: NDArray[np.int64]
    doubles: NDArray[np.float64]
    changed: NDArray[np.bool_]


class Hand(NamedTuple):
    """The value at hand: bits, and the same as a double."""

    bits: NDArray[np.int64]
    doubles: NDArray[np.float64]


@inner
def _value(steps: Any, hand: Any, step: Any, place: Any) -> Any:
    # Its tag; the bits are at hand then.
    row, point = place
    source = steps.how[step, 2]
    if source >= 0:
        hand.bits[0] = steps.bits[source, row]
        return np.int64(steps.tags[source, row])
    if source == WRITTEN:
        hand.bits[0] = steps.how[step, 4]
        return steps.how[step, 3]
    kind = steps.kind[point]
    # A point that holds the other type says 0; one that holds neither, nil.
    hand.bits[0] = 0
    if kind > _DOUBLE:
        return np.int64(NIL)
    if kind == (_DOUBLE if source == POINT_DOUBLE else _INT):
        hand.bits[0] = steps.values[point]
    return np.int64(DOUBLE if source == POINT_DOUBLE else INT)


@inner
def _add(totals: Any, hand: Any, owner: Any, tag: Any) -> Any:
    # Whether there was a sum to be had.
    held = totals.tags[owner]
    if held == DOUBLE and tag == DOUBLE:
        totals.doubles[owner] += hand.doubles[0]
    elif held == INT and tag == INT:
        totals.bits[owner] = add(totals.bits[owner], hand.bits[0])
    elif held == DOUBLE and tag == INT:
        totals.doubles[owner] += float(hand.bits[0])
    elif held == INT and tag == DOUBLE:
        totals.tags[owner] = DOUBLE
        totals.doubles[owner] = float(totals.bits[owner]) + hand.doubles[0]
    else:
        return False
    totals.changed[owner] = True
    return True


@inner
def _do(steps: Any, totals: Any, hand: Any, owner: Any, place: Any) -> Any:
    # Whether the step had a plain outcome.
    step, row, point = place
    what = steps.how[step, 0]
    if what == INITIAL:
        if totals.tags[owner] == OTHER:
            # Empty bytes are nil, too.
            return False
        if totals.tags[owner] not in (NIL, ABSENT):
            return True
    tag = _value(steps, hand, step, (row, point))
    if what == SUM:
        return _add(totals, hand, owner, tag)
    if tag != NIL:
        totals.tags[owner], totals.bits[owner], totals.changed[owner] = tag, hand.bits[0], True
    return True


@kernel
def accumulate(steps: Steps, runs: Runs, totals: Totals, hand: Hand) -> bool:
    """Let every row do the steps; totals are written to. False as soon as a step has no plain outcome.

    Args:
        steps: what to do.
        runs: the rows, and whose total each changes.
        totals: what there is at first.
        hand: room for one value.
    """
    row = 0
    for run in range(len(runs.starts)):
        owner, bits = runs.owners[run], runs.bits[run]
        for point in range(runs.starts[run], runs.stops[run]):
            for step in range(len(steps.how)):
                if steps.how[step, 1] & bits and not _do(steps, totals, hand, owner, (step, row, point)):
                    return False
            row += 1
    return True
