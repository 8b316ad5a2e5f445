"""Which rows can do anything in a list, as far as that is known before it runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from phoenix.engine.columns import Truth
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.logic import always, both, either
from phoenix.engine.statements.cells import Cell, reads_of, touches
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.group import Group
from phoenix.ottl.syntax import And, Expression


@dataclass(frozen=True, slots=True)
class Acting:
    """Where a list may change something, or fail where errors are propagated.

    Attributes:
        where: there.
        settled: the conditions of the list hold there.
    """

    where: Truth
    settled: bool = False


def may_act(evaluation: Evaluation, group: Group, written: Sequence[Cell]) -> Acting:
    """Return where a list may act.

    Args:
        evaluation: on the frame before the list.
        group: the list.
        written: every cell the list writes; what reads one of them is not known before.
    """
    parts = [_known(statement.where, written, propagates=group.propagates) for statement in group.statements]
    acts = _any(evaluation, parts, propagates=group.propagates)
    if not group.conditions or any(touches(reads_of(one.expression), written) for one in group.conditions):
        # Where a condition may fail, the row must be come to.
        return Acting(always(true=True) if group.conditions and group.propagates else acts)
    holds = any_holds(evaluation, group.conditions, propagates=group.propagates)
    found = both(evaluation.rows, Truth(holds.space, holds.true), acts)
    if holds.failed is None:
        return Acting(found, settled=True)
    return Acting(either(evaluation.rows, found, Truth(holds.space, holds.failed)))


def _known(where: Expression | None, written: Sequence[Cell], *, propagates: bool) -> list[Expression]:
    # The parts of a condition that are known: all must hold. Behind an unknown part an error may not be reached.
    if where is None:
        return []
    known = []
    for part in where.operands if isinstance(where, And) else (where,):
        if not touches(reads_of(part), written):
            known.append(part)
        elif propagates:
            break
    return known


def _any(evaluation: Evaluation, conditions: Sequence[Sequence[Expression]], *, propagates: bool) -> Truth:
    found = always(true=False)
    for parts in conditions:
        holds = always(true=True)
        for part in parts:
            holds = both(evaluation.rows, holds, evaluation.truth(part))
        if holds.failed is not None and propagates:
            holds = Truth(holds.space, holds.true | holds.failed)
        found = either(evaluation.rows, found, Truth(holds.space, holds.true))
    return found
