"""Which metrics a vendor bills. Where its documents do not say, the answer is unknown."""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Billed(StrEnum):
    """Whether a metric costs anything."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def _words(value: Any) -> Any:
    # YAML's booleans are how people write yes and no.
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


Answer = Annotated[Billed, BeforeValidator(_words)]


class BillableRule(BaseModel):
    """What is said of the metrics that a pattern names.

    Attributes:
        metrics: patterns of names, with * and ?.
        billable: the answer.
        why: where that is said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...] = Field(min_length=1)
    billable: Answer
    why: str = ""


class Billable(BaseModel):
    """The rules of a vendor: the first that names a metric decides.

    Attributes:
        default: of a metric that no rule names.
        rules: in order.
        mapping_table: patterns of the names that the vendor knows from its table of supported receivers. A metric that
            a pipeline gives another name is then one it may bill. Empty when there is no such table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: Answer = Billed.UNKNOWN
    rules: tuple[BillableRule, ...] = ()
    mapping_table: tuple[str, ...] = ()

    def billed(self, metric: str) -> Billed:
        """Return whether a metric of this name is billed."""
        for rule in self.rules:
            if matches(metric, rule.metrics):
                return rule.billable
        return self.default


def matches(metric: str, patterns: tuple[str, ...]) -> bool:
    """Return whether one of the patterns names this metric."""
    return any(fnmatchcase(metric, pattern) for pattern in patterns)
