"""What a verdict is asked: which measure decides, what is enough, what may be lost, and of whom it shall speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.core.ids import HostId
from phoenix.core.money import Money
from phoenix.decide.arms.guardrails.model import Guardrail


class Measure(StrEnum):
    """What a saving is of."""

    SERIES = "series"
    POINTS = "points"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something counts; all but `alpha` are shares, 0.05 is 5 %.

    Attributes:
        alpha: how often, at most, a verdict of better or worse may be false, over all looks and measures together.
        min_saving: the interval of the deciding measure must lie above it for `better`.
        margin: intervals that lie inside plus or minus it make `equivalent`.
        value_error: the mean relative error of the values of kept series must be shown to be below it.
        interest_lost: the share of the series of interest that is lost; 0 allows none in any window.
        missing: the share of windows that may be missing.
    """

    alpha: float = 0.05
    min_saving: float = 0.0
    margin: float = 0.05
    value_error: float = 0.1
    interest_lost: float = 0.0
    missing: float = 0.1


@dataclass(frozen=True, slots=True)
class Peak:
    """The stated period of most load, by the hosts' event time.

    Attributes:
        start, end: nanoseconds since the epoch.
        why: what makes it the peak, in the user's words.
    """

    start: int
    end: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """A month of the baseline under one vendor.

    Attributes:
        vendor: whose price it is.
        measure: what it grows with.
        monthly: the marginal cost of the baseline.
        as_of, source: when and where the price was read.
    """

    vendor: str
    measure: Measure
    monthly: Money
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything besides windows that a verdict depends on.

    Attributes:
        measure: the one that decides; the others must not be shown to be worse.
        thresholds: from where on something counts.
        unpaired: why the arms did not see the same scrapes; empty when they did.
        fates: what the candidate's template declares besides keeping; None for a config nobody annotated.
        values_stay: the candidate has no processor that may change a value or a time.
        interest: names of metrics that somebody uses: the series of interest.
        strata: of which kind each host is, when the hosts were drawn at random from each kind.
        peak: the stated period of most load.
        prices: what the baseline costs.
        guardrails: what they said last.
        configs: SHA-256 of the texts that ran, by name.
        versions: of the programs that took part, by name.
    """

    measure: Measure = Measure.SERIES
    thresholds: Thresholds = field(default_factory=Thresholds)
    unpaired: str = ""
    fates: tuple[Fate, ...] | None = None
    values_stay: bool = False
    interest: tuple[str, ...] = ()
    strata: Mapping[HostId, str] = field(default_factory=dict)
    peak: Peak | None = None
    prices: tuple[Price, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    configs: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def alpha(self, measure: Measure) -> float:
        """Return the error of one measure: four fifths for the one that decides, the rest in equal parts."""
        others = len(Measure) - 1
        return self.thresholds.alpha * (0.8 if measure is self.measure else 0.2 / others)

    @property
    def declared(self) -> FoldMap | None:
        """The fold map as far as whole windows can tell: which fates there are."""
        return None if self.fates is None else FoldMap(tuple(FoldRule(fate) for fate in self.fates))
