"""What a verdict says, as values with the JSON that is stored, shown and verified."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from phoenix.decide.arms.guardrails.model import Guardrail
from phoenix.decide.verdict.beyond import Beyond
from phoenix.decide.verdict.estimand import Period
from phoenix.decide.verdict.money import MoneySaved
from phoenix.decide.verdict.question import Measure
from phoenix.decide.verdict.sequences.interval import Interval

ESTIMAND: Final = (
    "the mean over windows of (baseline - candidate) / the larger of both, over the hosts and the time that are named"
)


class Outcome(StrEnum):
    """What is concluded."""

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"
    ERROR = "error"


class Evidence(StrEnum):
    """What is known of one figure; no data is a state of its own, never a zero."""

    MEASURED = "measured"
    NO_DATA = "no_data"
    NOT_ASKED = "not_asked"
    NOT_COMPARABLE = "not_comparable"


class Margin(StrEnum):
    """How a loss stands against its margin."""

    BELOW = "below"  # shown to be below
    ABOVE = "above"  # shown to be above
    OPEN = "open"  # neither is shown yet


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved of one measure.

    Attributes:
        evidence: whether it is known at all.
        value: the mean over windows of (baseline - candidate) / the larger of both.
        interval: where the mean lies beyond doubt; None without data.
        ratio_of_totals: what is saved of the sum over all windows, without an interval.
        threshold: what `interval` is held against for `better`.
        windows: how many windows it rests on.
        alpha: the error of the interval, over all looks.
        reason: why it is not known; else how the interval was made.
    """

    evidence: Evidence
    value: float | None
    interval: Interval | None
    ratio_of_totals: float | None
    threshold: float
    windows: int
    alpha: float
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "evidence": self.evidence.value,
            "value": self.value,
            "interval": None if self.interval is None else [self.interval.low, self.interval.high],
            "ratio_of_totals": self.ratio_of_totals,
            "threshold": self.threshold,
            "windows": self.windows,
            "alpha": self.alpha,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class LossShown:
    """One kind of loss against its margin.

    Attributes:
        name: `value_error`, `interest_lost` or `missing`.
        evidence: whether it is known.
        stands: against its margin.
        value: the mean over windows; None when it is not known.
        interval: where the mean lies beyond doubt; None where every window was counted.
        margin: the share allowed.
        reason: the rule, in words.
    """

    name: str
    evidence: Evidence
    stands: Margin
    value: float | None
    interval: Interval | None
    margin: float
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "evidence": self.evidence.value,
            "stands": self.stands.value,
            "value": self.value,
            "interval": None if self.interval is None else [self.interval.low, self.interval.high],
            "margin": self.margin,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of two arms.

    Attributes:
        outcome: what is concluded.
        rule: the row of the decision table that concluded it.
        reason: why, in words.
        measure: the deciding one.
        savings: of each measure.
        losses: against their margins.
        period: the windows it rests on.
        unpaired: why the arms did not see the same scrapes; empty when they did.
        beyond: what is said of other hosts.
        money: what is saved under each vendor.
        guardrails: what they said.
        loss: what was dropped, folded and damaged, in its JSON form.
        windows: the figures of each window, in their JSON form.
        configs: SHA-256 of the texts that ran.
    """

    outcome: Outcome
    rule: str
    reason: str
    measure: Measure
    savings: dict[Measure, Saving]
    losses: tuple[LossShown, ...]
    period: Period
    unpaired: str
    beyond: Beyond
    money: tuple[MoneySaved, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    loss: dict[str, Any] = field(default_factory=dict)
    windows: tuple[dict[str, Any], ...] = ()
    configs: dict[str, str] = field(default_factory=dict)

    @property
    def deciding(self) -> Saving:
        """The saving that decides."""
        return self.savings[self.measure]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "outcome": self.outcome.value,
            "rule": self.rule,
            "reason": self.reason,
            "measure": self.measure.value,
            "estimand": ESTIMAND,
            "speaks_of": {
                "hosts": list(self.period.hosts),
                "from": self.period.starts[0] if self.period.starts else None,
                "to": self.period.end or None,
                "windows": len(self.period.starts),
                "unpaired": self.unpaired,
                "beyond": self.beyond.as_dict(),
            },
            "savings": {measure.value: saving.as_dict() for measure, saving in self.savings.items()},
            "losses": {loss.name: loss.as_dict() for loss in self.losses},
            "loss": self.loss,
            "money": [money.as_dict() for money in self.money],
            "guardrails": [guardrail.as_dict() for guardrail in self.guardrails],
            "windows": list(self.windows),
            "configs": self.configs,
        }
