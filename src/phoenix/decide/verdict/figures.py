"""What a verdict reads in one window of one host, worked out once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import PairedWindow
from phoenix.decide.verdict.estimand import window_difference
from phoenix.decide.verdict.losses import interest_lost, value_error
from phoenix.decide.verdict.question import Measure, Question


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one window of one host; NaN where one is not known.

    Attributes:
        host, start: which.
        saved: the share saved of each measure.
        value_error: the mean relative error of the values of kept series.
        interest_lost: the share of the series of interest that is lost.
    """

    host: HostId
    start: int
    saved: Mapping[Measure, float]
    value_error: float
    interest_lost: float

    @classmethod
    def of(cls, pair: PairedWindow, question: Question) -> Self:
        """Return the figures of a pair."""
        return cls(
            host=pair.host,
            start=pair.start,
            saved={measure: window_difference(pair, measure) for measure in Measure},
            # Values of arms that did not see the same scrapes differ by nature.
            value_error=math.nan if question.unpaired else value_error(pair),
            interest_lost=interest_lost(pair, question.interest),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; what is not known is null."""
        return {
            "host": self.host,
            "start": self.start,
            "saved": {measure.value: _known(value) for measure, value in self.saved.items()},
            "value_error": _known(self.value_error),
            "interest_lost": _known(self.interest_lost),
        }


def figures_of(pairs: Sequence[PairedWindow], question: Question) -> list[Figures]:
    """Return the figures of each pair, in its place."""
    return [Figures.of(pair, question) for pair in pairs]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
