"""Rows that add to what stands above them, or set it: from the rows that may, in order, into cells.

Called by `engine.statements.accumulating`: lists such as "add the value of this point to an attribute of its resource
where the metric has this name", as a walk over the tree without an interpreter.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.kernels.statement_kernel import Cells
from phoenix.engine.kernels.statement_values_kernel import ABSENT, DOUBLE, INT, NIL, OTHER, TEXT, add
from phoenix.engine.kernels.tree_kernel import Tree
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.codec.jit import inner, kernel

INITIAL, OVERWRITE, SUM = range(3)
"""What a step does with its value: sets it where there is none, sets it, adds it."""

IN_COLUMN, WRITTEN, POINT_INT, POINT_DOUBLE = range(4)
"""Where the value of a step is: in a column, in the text, in what a point holds."""

ALL: Final = 0xFF
"""Bits of conditions that let everything pass."""

WHAT, CELL, SOURCE, FIRST, SECOND, LEVEL, BY_POOL = range(7)
"""What `Steps.how` says of a step: what it does, where its cells begin, where its value is.

Of a column: where it begins, nothing, its level, and whether it has a row for each of the pool. Of a value in the text:
tag and bits.
"""

_INT: Final = int(PointKind.INT)
_DOUBLE: Final = int(PointKind.DOUBLE)


class Gates(NamedTuple):
    """Where conditions hold, level by level: a bit for each.

    Attributes:
        resources, scopes, metrics, points: uint8, by row of the level or of its pool; empty where all hold everywhere.
        by_pool: bool[4], which it is.
        resource, scope, metric, point: int32, the row of the pool of each row.
    """

    resources: NDArray[np.uint8]
    scopes: NDArray[np.uint8]
    metrics: NDArray[np.uint8]
    points: NDArray[np.uint8]
    by_pool: NDArray[np.bool_]
    resource: NDArray[np.int32]
    scope: NDArray[np.int32]
    metric: NDArray[np.int32]
    point: NDArray[np.int32]


class Steps(NamedTuple):
    """What is done at each row, in order.

    Attributes:
        how: int64[steps, 7].
        first: int64[257], for all conditions that can hold together, where their steps begin in the next.
        which: int64[...], numbers of steps.
        depth: of the rows, a level.
        top: the level of those that cells belong to.
        tags: uint8[...], columns behind each other.
        bits: int64[...].
        kind: uint8[N], of all points.
        values: int64[N], their bits.
        doubles: float64[N], the same.
    """

    how: NDArray[np.int64]
    first: NDArray[np.int64]
    which: NDArray[np.int64]
    depth: int
    top: int
    tags: NDArray[np.uint8]
    bits: NDArray[np.int64]
    kind: NDArray[np.uint8]
    values: NDArray[np.int64]
    doubles: NDArray[np.float64]


class Work(NamedTuple):
    """All of it; `doubles` are the bits of the cells, and `hand` and `held` one number as bits and as a double."""

    tree: Tree
    gates: Gates
    steps: Steps
    cells: Cells
    doubles: NDArray[np.float64]
    hand: NDArray[np.int64]
    held: NDArray[np.float64]


@inner
def _passing(gates: Any, index: Any, by_pool: Any, row: Any) -> Any:
    if len(gates) == 0:
        return ALL
    return np.int64(gates[index[row]]) if by_pool else np.int64(gates[row])


@inner
def _place(work: Any, step: Any, rows: Any) -> Any:
    # Where the value of a step stands in the columns.
    how, gates = work.steps.how, work.gates
    level, by_pool = how[step, LEVEL], how[step, BY_POOL] > 0
    if level == 0:
        place = gates.resource[rows[0]] if by_pool else rows[0]
    elif level == 1:
        place = gates.scope[rows[1]] if by_pool else rows[1]
    elif level == 2:
        place = gates.metric[rows[2]] if by_pool else rows[2]
    else:
        place = gates.point[rows[3]] if by_pool else rows[3]
    return how[step, FIRST] + place


@inner
def _value(work: Any, step: Any, rows: Any) -> Any:
    # Its tag and its bits.
    steps = work.steps
    source = steps.how[step, SOURCE]
    if source == WRITTEN:
        return steps.how[step, FIRST], steps.how[step, SECOND]
    if source == IN_COLUMN:
        place = _place(work, step, rows)
        return np.int64(steps.tags[place]), steps.bits[place]
    kind = steps.kind[rows[3]]
    if kind > _DOUBLE:
        return np.int64(NIL), np.int64(0)
    # A point that holds the other type says 0.
    tag, wanted = (DOUBLE, _DOUBLE) if source == POINT_DOUBLE else (INT, _INT)
    return np.int64(tag), steps.values[rows[3]] if kind == wanted else np.int64(0)


@inner
def _add(work: Any, cell: Any, tag: Any, bits: Any) -> Any:
    # Whether there was a sum to be had.
    cells = work.cells
    work.hand[0] = bits
    held = cells.tags[cell]
    if held == DOUBLE and tag == DOUBLE:
        work.doubles[cell] = float(work.doubles[cell]) + float(work.held[0])
    elif held == INT and tag == INT:
        cells.bits[cell] = add(cells.bits[cell], bits)
    elif held == DOUBLE and tag == INT:
        work.doubles[cell] = float(work.doubles[cell]) + float(bits)
    elif held == INT and tag == DOUBLE:
        cells.tags[cell] = DOUBLE
        work.doubles[cell] = float(cells.bits[cell]) + float(work.held[0])
    else:
        return False
    cells.changed[cell] = True
    return True


@inner
def _step(work: Any, step: Any, cell: Any, rows: Any) -> Any:
    # Whether the step had a plain outcome.
    cells, what = work.cells, work.steps.how[step, WHAT]
    if what == INITIAL:
        if cells.tags[cell] == OTHER:
            # Empty bytes are nil, too.
            return False
        if cells.tags[cell] not in (NIL, ABSENT):
            return True
    tag, bits = _value(work, step, rows)
    if tag > TEXT:
        return False
    if what == SUM:
        return _add(work, cell, tag, bits)
    if tag != NIL:
        cells.tags[cell], cells.bits[cell], cells.changed[cell] = tag, bits, True
    return True


@inner
def _row(work: Any, bits: Any, rows: Any) -> Any:
    steps, top = work.steps, work.steps.top
    owner = rows[0] if top == 0 else (rows[1] if top == 1 else rows[2])
    for place in range(steps.first[bits], steps.first[bits + 1]):
        step = steps.which[place]
        if not _step(work, step, steps.how[step, CELL] + owner, rows):
            return False
    return True


@inner
def _total(work: Any, cell: Any, run: Any) -> Any:
    # Add the doubles of a run; whether all are numbers.
    kind, doubles = work.steps.kind, work.steps.doubles
    start, stop = run
    total = float(work.doubles[cell])
    for point in range(start, stop):
        if kind[point] == _DOUBLE:
            total += float(doubles[point])
        elif kind[point] < _DOUBLE:
            total += 0.0
        else:
            return False
    work.doubles[cell] = total
    work.cells.changed[cell] = work.cells.changed[cell] or start < stop
    return True


@inner
def _last(work: Any, step: Any, cell: Any, above: Any, run: Any) -> Any:
    # Set the cell to the last value of a run that is not nil.
    resource, scope, metric = above
    start, point = run
    cells = work.cells
    while point > start:
        point -= 1
        tag, bits = _value(work, step, (resource, scope, metric, point))
        if tag > TEXT:
            return False
        if tag != NIL:
            cells.tags[cell], cells.bits[cell], cells.changed[cell] = tag, bits, True
            return True
    return True


@inner
def _step_of_run(work: Any, step: Any, above: Any, run: Any) -> Any:
    # Whether a step had a plain outcome for all points of a metric.
    resource, scope, metric = above
    start, stop = run
    how, top = work.steps.how, work.steps.top
    cell = how[step, CELL] + (resource if top == 0 else (scope if top == 1 else metric))
    what, source = how[step, WHAT], how[step, SOURCE]
    if what == INITIAL and source == WRITTEN:
        return _step(work, step, cell, (resource, scope, metric, start))
    if what == OVERWRITE and source != IN_COLUMN:
        return _last(work, step, cell, above, run)
    if what == SUM and source == POINT_DOUBLE and work.cells.tags[cell] == DOUBLE:
        return _total(work, cell, run)
    point = start
    while point < stop and _step(work, step, cell, (resource, scope, metric, point)):
        point += 1
    return point == stop


@inner
def _points_at_once(work: Any, bits: Any, above: Any) -> Any:
    tree, steps = work.tree, work.steps
    start, stop = tree.points[above[2]], tree.points[above[2] + 1]
    if start == stop:
        return True
    for place in range(steps.first[bits], steps.first[bits + 1]):
        if not _step_of_run(work, steps.which[place], above, (start, stop)):
            return False
    return True


@inner
def _points(work: Any, bits: Any, above: Any) -> Any:
    tree, gates = work.tree, work.gates
    resource, scope, metric = above
    for point in range(tree.points[metric], tree.points[metric + 1]):
        here = bits & _passing(gates.points, gates.point, gates.by_pool[3], point)
        if here == 0 or (tree.masked[3] and tree.gone_points[point]):
            continue
        if not _row(work, here, (resource, scope, metric, point)):
            return False
    return True


@inner
def _metrics(work: Any, bits: Any, above: Any) -> Any:
    tree, gates = work.tree, work.gates
    resource, scope = above
    by_pool = gates.by_pool[2]
    for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
        here = bits & _passing(gates.metrics, gates.metric, by_pool, metric)
        if here == 0 or (tree.masked[2] and tree.gone_metrics[metric]):
            continue
        if work.steps.depth > 2:
            if not _points(work, here, (resource, scope, metric)):
                return False
        elif not _row(work, here, (resource, scope, metric, metric)):
            return False
    return True


@inner
def _metrics_at_once(work: Any, bits: Any, above: Any) -> Any:
    tree, gates = work.tree, work.gates
    resource, scope = above
    by_pool = gates.by_pool[2]
    for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
        here = bits & _passing(gates.metrics, gates.metric, by_pool, metric)
        if here == 0 or (tree.masked[2] and tree.gone_metrics[metric]):
            continue
        if not _points_at_once(work, here, (resource, scope, metric)):
            return False
    return True


@kernel
def accumulate_runs(work: Work) -> bool:
    """Do the same as `accumulate`, each step for all points of a metric, then the next.

    For lists that set attributes to what is written out where there is nothing, and then set them or add to them once;
    no single point is dropped or told apart by a condition.
    """
    tree, gates = work.tree, work.gates
    for resource in range(len(tree.scopes) - 1):
        bits = _passing(gates.resources, gates.resource, gates.by_pool[0], resource)
        if bits == 0 or (tree.masked[0] and tree.gone_resources[resource]):
            continue
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            here = bits & _passing(gates.scopes, gates.scope, gates.by_pool[1], scope)
            if here == 0 or (tree.masked[1] and tree.gone_scopes[scope]):
                continue
            if not _metrics_at_once(work, here, (resource, scope)):
                return False
    return True


@kernel
def accumulate(work: Work) -> bool:
    """Let every row that passes do the steps; cells are written to. False as soon as one has no plain outcome."""
    tree, gates = work.tree, work.gates
    for resource in range(len(tree.scopes) - 1):
        bits = _passing(gates.resources, gates.resource, gates.by_pool[0], resource)
        if bits == 0 or (tree.masked[0] and tree.gone_resources[resource]):
            continue
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            here = bits & _passing(gates.scopes, gates.scope, gates.by_pool[1], scope)
            if here == 0 or (tree.masked[1] and tree.gone_scopes[scope]):
                continue
            if work.steps.depth > 1:
                if not _metrics(work, here, (resource, scope)):
                    return False
            elif not _row(work, here, (resource, scope, scope, scope)):
                return False
    return True
