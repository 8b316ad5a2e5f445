"""Running groups of statements one after the other, each in the way that is exact for it.

The collector runs all statements of a list for one row, then for the next. Column at a time is the same as long as no
row sees what another row has written, that is, while a list only writes to its own level and to a cache of each row's
own. A list that writes to its parents runs as a program for a kernel, or else in waves. Groups that share a cache run
together as one program. What a program cannot do is parted from the rest, if it has nothing to do with it.
"""

from collections.abc import Sequence

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.marks import settled
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.accumulating.running import accumulated
from phoenix.engine.statements.acting import may_act
from phoenix.engine.statements.cells import (
    COPIED,
    COPY_ALL_POINTS,
    Cell,
    cache_paths,
    has_plain_cache,
    looks_below,
    writes_of_statement,
)
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.growing import run_growing, run_growing_singly
from phoenix.engine.statements.parting import makes_metrics, parted
from phoenix.engine.statements.sequential.running import run_sequentially
from phoenix.engine.statements.singly import run_singly
from phoenix.engine.statements.sparing import sparing_marks_of
from phoenix.engine.statements.waves import run_in_waves


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
        for group in together or groups[at : at + 1]:
            frame = sparing_marks_of(frame, group)
        frame = _run_sharing(frame, together, failures) if together else _run(frame, groups[at], failures)
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


def _run_sharing(frame: Frame, groups: Sequence[Group], failures: Failures) -> Frame:
    try:
        return run_sequentially(frame, groups, failures)
    except NotColumnarError as error:
        reason = error
    parts = parted(groups)
    if len(parts) > 1:
        for part in parts:
            frame = _run_sharing(frame, part, failures)
        return frame
    if _writes_shared_cache(groups):
        if any(makes_metrics(group) or looks_below(group) for group in groups):
            return run_growing_singly(settled(frame), groups, failures, reason)
        return run_singly(settled(frame), groups, failures, reason)
    for group in groups:
        frame = _run(frame, group, failures)
    return frame


def _writes_shared_cache(groups: Sequence[Group]) -> bool:
    # A cache that is only read is empty.
    return any(
        cell.name == "cache"
        for group in groups
        if group.shared_cache
        for statement in group.statements
        for cell in writes_of_statement(statement)
    )


def _run(frame: Frame, group: Group, failures: Failures) -> Frame:
    written = [cell for statement in group.statements for cell in writes_of_statement(statement)]
    above = [cell for cell in written if cell.level < LEVELS[group.context]]
    if not above:
        if _copies_what_changes(group, written):
            return run_growing(settled(frame), group, written, failures)
        return ColumnwiseList(frame, group, failures, cache=Cache(by_key=has_plain_cache(group))).run()
    found = accumulated(frame, group)
    if found is not None:
        return found
    try:
        return run_sequentially(frame, [group], failures)
    except NotColumnarError:
        # Functions of what rows hand on, metric functions, and what else a kernel does not know.
        parts = parted([group])
    if len(parts) > 1:
        for part in parts:
            frame = _run(frame, part[0], failures)
        return frame
    frame = settled(frame)
    if makes_metrics(group) or looks_below(group):
        return run_growing(frame, group, written, failures)
    evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
    active = may_act(evaluation, group, written).where
    return run_in_waves(frame, group, active, min(cell.level for cell in above), failures)


def _copies_what_changes(group: Group, written: Sequence[Cell]) -> bool:
    # A point's function copies points behind it, before it is their turn.
    return any(statement.editor.name in COPY_ALL_POINTS for statement in group.statements) and any(
        cell.overlaps(other) for cell in written for other in COPIED
    )
