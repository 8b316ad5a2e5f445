"""The one table that decides: rows in order, the first whose condition holds concludes. The docs print it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from phoenix.decide.verdict.model import Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table looks at; every text is a reason that is empty when there is none.

    Attributes:
        silent: nothing arrives any more, or nothing ever did.
        damaged: corruption, a critical process lost, or another guardrail that tripped.
        lossy: a loss shown to be above its margin.
        grows: the deciding measure shown to have grown, or another by more than the margin.
        missing: too many windows are no data.
        unproved: a loss not yet shown to be below its margin.
        unknown: the deciding measure is not known.
        saves: the interval of the deciding measure lies above the threshold.
        same: the intervals of all measures lie inside the margin.
        alone: unpaired, and from one host.
        open: what is missing to a decision.
    """

    silent: str = ""
    damaged: str = ""
    lossy: str = ""
    grows: str = ""
    missing: str = ""
    unproved: str = ""
    unknown: str = ""
    saves: str = ""
    same: str = ""
    alone: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule.

    Attributes:
        name: of the rule; stored with the verdict.
        when: the condition, in words.
        outcome: what it concludes.
        because: the reason if the condition holds; else empty.
    """

    name: str
    when: str
    outcome: Outcome
    because: Callable[[Facts], str]


TABLE: Final[tuple[Row, ...]] = (
    Row(
        "silent",
        "no window pairs, or a guardrail says that nothing arrives any more",
        Outcome.ERROR,
        lambda facts: facts.silent,
    ),
    Row(
        "damaged",
        "corruption, a critical process that only the baseline has, a series missing that the template declares to "
        "keep, or any other guardrail that tripped",
        Outcome.WORSE,
        lambda facts: facts.damaged,
    ),
    Row("lossy", "a loss is shown to be above its margin", Outcome.WORSE, lambda facts: facts.lossy),
    Row(
        "grows",
        "the interval of the deciding measure lies below zero, or that of another below minus the margin",
        Outcome.WORSE,
        lambda facts: facts.grows,
    ),
    Row("missing", "more windows are no data than allowed", Outcome.UNDECIDED, lambda facts: facts.missing),
    Row("unknown", "the deciding measure is not known", Outcome.UNDECIDED, lambda facts: facts.unknown),
    Row("unproved", "a loss is not yet shown to be below its margin", Outcome.UNDECIDED, lambda facts: facts.unproved),
    Row(
        "saves",
        "the interval of the deciding measure lies above the smallest saving that counts",
        Outcome.BETTER,
        lambda facts: facts.saves,
    ),
    Row(
        "alone",
        "the intervals of all measures lie inside the margin, but the arms are unpaired and from one host",
        Outcome.UNDECIDED,
        lambda facts: facts.same and facts.alone,
    ),
    Row("same", "the intervals of all measures lie inside the margin", Outcome.EQUIVALENT, lambda facts: facts.same),
    Row("open", "otherwise", Outcome.UNDECIDED, lambda facts: facts.open or "Nothing is shown yet."),
)


def decide(facts: Facts) -> tuple[Row, str]:
    """Return the row that concludes, and the reason."""
    return next((row, reason) for row in TABLE if (reason := row.because(facts)))


def render(rows: Iterable[Row] = TABLE) -> str:
    """Return the table as markdown, as docs/explanation/verdict.md has it."""
    lines = ["| rule | when | outcome |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| `{row.name}` | {row.when} | `{row.outcome.value}` |" for row in rows)])
