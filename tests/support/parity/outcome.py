"""What both evaluators make of a case, and whether it is the same."""

from dataclasses import dataclass
from enum import StrEnum

from tests.support.parity.case import PIPELINE, Case

from phoenix.collector.errors import (
    ConfigRefusedError,
    EvaluationFailedError,
    EvaluationLimitError,
    UnsupportedComponentError,
)
from phoenix.collector.evaluator import Evaluator
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import diff

_MOST_WORDS = 6
# Go ranges over a map in any order; with few entries it is often the same.
_ASKED_AGAIN = 6


class Agreement(StrEnum):
    """How two answers to one case stand to each other."""

    EQUAL = "equal"
    BOTH_REFUSE = "both refuse the config"
    BOTH_FAIL = "both fail at the same request"
    NOT_COLUMNAR = "refused by name"
    NO_TRUTH = "the collector does not end"
    BY_CHANCE = "the collector's own answers differ"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Outcome:
    """The comparison of a case.

    Attributes:
        agreement: how the answers stand to each other.
        words: what differs, or what was refused.
    """

    agreement: Agreement
    words: str = ""


_Answer = Capture | ConfigRefusedError | EvaluationFailedError


def compare(case: Case, collector: Evaluator, columnar: Evaluator) -> Outcome:
    """Return how the columnar evaluator does on a case; the collector's answer is the truth."""
    try:
        answer = _answer(case, columnar)
    except UnsupportedComponentError as refusal:
        return Outcome(Agreement.NOT_COLUMNAR, str(refusal.details.get("feature", refusal.message)))
    except Exception as bug:  # noqa: BLE001 a crash of the engine is a difference like another, with its case number
        return Outcome(Agreement.DIFFERENT, f"the engine crashed: {type(bug).__name__}: {bug}")
    try:
        expected = _answer(case, collector)
    except EvaluationLimitError as error:
        return Outcome(Agreement.NO_TRUTH, error.message)
    outcome = _compared(expected, answer)
    if outcome.agreement is Agreement.DIFFERENT and _is_chance(case, collector, expected):
        return Outcome(Agreement.BY_CHANCE, outcome.words)
    return outcome


def _is_chance(case: Case, collector: Evaluator, expected: _Answer) -> bool:
    # metrics_transform that combines, before a processor to which the order of points matters, is such a case.
    for _ in range(_ASKED_AGAIN):
        try:
            again = _answer(case, collector)
        except EvaluationLimitError:
            return True
        if _compared(expected, again).agreement is Agreement.DIFFERENT:
            return True
    return False


def _compared(expected: _Answer, answer: _Answer) -> Outcome:
    match expected, answer:
        case Capture(), Capture():
            found = diff(expected, answer, limit=_MOST_WORDS)
            if found.equal:
                return Outcome(Agreement.EQUAL)
            counts = ", ".join(f"{kind.value} {count}" for kind, count in found.counts.items())
            words = "\n".join(f"  {it.series}: {it.words}" for it in found.differences)
            return Outcome(Agreement.DIFFERENT, f"{counts}\n{words}")
        case ConfigRefusedError(), ConfigRefusedError():
            return Outcome(Agreement.BOTH_REFUSE)
        case EvaluationFailedError(), EvaluationFailedError():
            requests = [error.details.get("request") for error in (expected, answer)]
            if requests[0] == requests[1]:
                return Outcome(Agreement.BOTH_FAIL)
    return Outcome(Agreement.DIFFERENT, f"collector: {_said(expected)}\n  columnar: {_said(answer)}")


def _answer(case: Case, evaluator: Evaluator) -> _Answer:
    try:
        return evaluator.evaluate(case.document, case.capture, pipeline=PIPELINE)
    except (ConfigRefusedError, EvaluationFailedError) as error:
        return error


def _said(answer: _Answer) -> str:
    if isinstance(answer, Capture):
        return f"{len(answer.points)} points"
    return f"{type(answer).__name__}, request {answer.details.get('request')}: {answer.message}"
