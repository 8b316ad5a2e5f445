"""The conditions in front of a list: one of them must hold (ottl.ConditionSequence of pkg/ottl 0.160)."""

from collections.abc import Sequence

from phoenix.engine.columns import Truth
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.logic import always, either, forgiven
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Condition


def any_holds(
    evaluation: Evaluation, conditions: Sequence[Condition], failures: Failures, *, propagates: bool
) -> Truth:
    """Return where a condition holds; an error counts as false.

    Where errors are propagated, one that is reached is noted; the conditions behind it are not asked.
    """
    found = always(true=False)
    for condition in conditions:
        truth = evaluation.truth(condition.expression)
        found = either(evaluation.rows, found, truth if propagates else forgiven(truth))
    if found.failed is not None:
        level = LEVELS[evaluation.context]
        failures.note(evaluation.rows.frame, level, (found.space, found.failed), found.why)
    return found
