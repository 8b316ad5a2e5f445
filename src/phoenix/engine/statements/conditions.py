"""The conditions in front of a list: one of them must hold (ottl.ConditionSequence of pkg/ottl 0.160)."""

from collections.abc import Sequence

from phoenix.engine.columns import Truth
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.logic import always, either, forgiven
from phoenix.engine.statements.group import Condition


def any_holds(evaluation: Evaluation, conditions: Sequence[Condition], *, propagates: bool) -> Truth:
    """Return where a condition holds.

    Where errors are propagated, one that is reached fails and the conditions behind it are not asked; else it counts as
    false.
    """
    found = always(true=False)
    for condition in conditions:
        truth = evaluation.truth(condition.expression)
        found = either(evaluation.rows, found, truth if propagates else forgiven(truth))
    return found
