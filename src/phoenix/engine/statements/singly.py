"""Groups that share a cache and call functions of what is in it: one row after the other, for little telemetry.

Each row is a frame of its own, so this is exact for everything but metric functions, and costs milliseconds a row: good
for the tests of a pipeline, and refused for more.
"""

from collections.abc import Sequence
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.acting import may_act
from phoenix.engine.statements.cells import writes_of_statement
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.owners import Visits
from phoenix.engine.statements.subframes import Subframe, Workbench
from phoenix.ottl.syntax import Context

MOST_ROWS: Final = 5_000


def run_singly(frame: Frame, groups: Sequence[Group], failures: Failures, otherwise: NotColumnarError) -> Frame:
    """Return the frame after groups that run together: request by request, and in each group by group, row by row.

    Args:
        frame: what they run on.
        groups: in order; none calls a metric function.
        failures: gets the first request that fails.
        otherwise: why they did not run in another way.

    Raises:
        NotColumnarError: `otherwise`, when there are too many rows.
    """
    written = [cell for group in groups for statement in group.statements for cell in writes_of_statement(statement)]
    rows = []
    for group in groups:
        evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
        where = may_act(evaluation, group, written).where
        rows.append(evaluation.rows.alive_where(where.space, where.true, LEVELS[group.context]))
    if sum(map(len, rows)) > MOST_ROWS:
        raise otherwise
    caches = dict[Context, Cache]()
    bench = Workbench(frame)
    visits = [
        (number, place)
        for number, first, stop, _ in Visits.of(frame, groups, rows, ()).order.tolist()
        for place in range(first, stop)
    ]
    for number, place in visits:
        group = groups[number]
        shared = caches.setdefault(group.context, Cache(by_key=False))
        part = Subframe.of(bench, LEVELS[group.context], rows[number][place : place + 1])
        cache = shared if group.shared_cache else Cache(by_key=False)
        bench.put(part, ColumnwiseList(part.frame, group, failures, cache=cache).run())
    return bench.done()
