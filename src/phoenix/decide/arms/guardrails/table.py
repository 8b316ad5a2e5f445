"""The table of guardrails, asked one after the other at every step of an experiment."""

from collections.abc import Callable, Iterable
from typing import Final

from phoenix.decide.arms.guardrails.failures import failures, queues
from phoenix.decide.arms.guardrails.health import boundary, collector, memory
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, Situation
from phoenix.decide.arms.guardrails.windows import corruption, critical_processes, no_data

GUARDRAILS: Final[tuple[Callable[[Situation], Guardrail], ...]] = (
    critical_processes,
    corruption,
    failures,
    queues,
    boundary,
    memory,
    collector,
    no_data,
)
# What a candidate does to its collector harms production, whether or not anything is proved or measured yet.
_HARMFUL: Final = frozenset({"candidate_behind", "memory"})


def guardrails(situation: Situation) -> tuple[Guardrail, ...]:
    """Return what each guardrail says, in the order of the table. The order of windows and hosts does not matter."""
    return tuple(guardrail(situation) for guardrail in GUARDRAILS)


def tripped(answers: Iterable[Guardrail]) -> Guardrail | None:
    """Return the first guardrail that tripped."""
    return next((answer for answer in answers if answer.state is GuardrailState.TRIPPED), None)


def harmful(answers: Iterable[Guardrail]) -> Guardrail | None:
    """Return the first guardrail that tripped because the candidate holds its collector up; for use before windows."""
    return tripped(answer for answer in answers if answer.name in _HARMFUL)
