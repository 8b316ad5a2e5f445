"""Running groups of statements one after the other, each in the way that is exact for it.

The collector runs all statements of a list for one row, then for the next. Column at a time is the same as long as no
row sees what another row has written, that is, while a list only writes to its own level and to a cache of each row's
own. A list that writes to its parents runs in waves, or as a program for a kernel. Groups that
share a cache run as one program.
"""

from collections.abc import Sequence
from dataclasses import replace

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.reshaping.registry import RESHAPERS
from phoenix.engine.statements.acting import may_act
from phoenix.engine.statements.cells import (
    COPIED,
    COPY_ALL_POINTS,
    Cell,
    cache_paths,
    has_plain_cache,
    reads_of,
    reads_of_statement,
    touches,
    writes_of_statement,
)
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.running import run_sequentially
from phoenix.engine.statements.waves import run_in_waves
from phoenix.ottl.syntax import Statement


def run_groups(frame: Frame, groups: Sequence[Group], failures: Failures) -> Frame:
    """Return the frame after the groups.

    Args:
        frame: what they run on.
        groups: in order.
        failures: gets the first request that fails.

    Raises:
        NotColumnarError: something in them cannot be done in columns.
    """
    at = 0
    while at < len(groups):
        together = _sharing(groups, at)
        frame = run_sequentially(frame, together, failures) if together else _run(frame, groups[at], failures)
        at += max(len(together), 1)
    return frame


def _sharing(groups: Sequence[Group], at: int) -> Sequence[Group]:
    # The groups from here on that must run request by request: up to the last that uses a shared cache.
    if not _uses_shared_cache(groups[at]):
        return ()
    last = max(index for index, group in enumerate(groups) if _uses_shared_cache(group))
    return groups[at : last + 1]


def _uses_shared_cache(group: Group) -> bool:
    return group.shared_cache and bool(cache_paths(group))


def _run(frame: Frame, group: Group, failures: Failures) -> Frame:
    written = [cell for statement in group.statements for cell in writes_of_statement(statement)]
    level = LEVELS[group.context]
    above = [cell for cell in written if cell.level < level]
    _refuse_copying(group, written)
    if not above:
        return ColumnwiseList(frame, group, failures, cache=Cache(by_key=has_plain_cache(group))).run()
    if any(statement.editor.name in RESHAPERS for statement in group.statements):
        frame, group = _without_reshaping(frame, group, above, failures)
    try:
        return run_sequentially(frame, [group], failures)
    except NotColumnarError:
        # Functions of what rows hand on, and what else a kernel does not know.
        evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
        active = may_act(evaluation, group, written).where
        return run_in_waves(frame, group, active, min(cell.level for cell in above), failures)


def _without_reshaping(frame: Frame, group: Group, above: Sequence[Cell], failures: Failures) -> tuple[Frame, Group]:
    # The metric functions run column at a time, with all statements that have nothing to do with what is written above;
    # those are left, when neither part reads what the other writes.
    handing = list[Statement]()
    others = list[Statement]()
    for statement in group.statements:
        used = [*reads_of_statement(statement), *writes_of_statement(statement)]
        (handing if touches(iter(used), above) else others).append(statement)
    parts = [handing, others]
    for part, rest in (parts, reversed(parts)):
        read = [cell for statement in part for cell in reads_of_statement(statement)]
        read += [cell for condition in group.conditions for cell in reads_of(condition.expression)]
        written = [cell for statement in rest for cell in writes_of_statement(statement)]
        clash = next((cell for cell in written if touches(iter(read), [cell])), None)
        if clash is not None or any(statement.editor.name in RESHAPERS for statement in handing):
            named = next(it.editor.name for it in group.statements if it.editor.name in RESHAPERS)
            raise NotColumnarError(f"function {named} in a list that writes {above[0]}")
    frame = ColumnwiseList(frame, replace(group, statements=others), failures).run()
    return frame, replace(group, statements=handing)


def _refuse_copying(group: Group, written: Sequence[Cell]) -> None:
    for statement in group.statements:
        if statement.editor.name in COPY_ALL_POINTS:
            changed = next((cell for cell in written if any(cell.overlaps(other) for other in COPIED)), None)
            if changed is not None:
                raise NotColumnarError(f"function {statement.editor.name} in a list that writes {changed}")
