"""The claim about other hosts: made once, when the stated peak is over, with hosts as the sampled units.

Windows of one host say how that host behaves, however many there are. What other hosts would save is learnt from hosts
only: at least two of each stratum, drawn at random, each counting once with its mean over the peak. The bound is the
betting bound of each stratum, its share of the error divided evenly, and needs many hosts where they differ: that is
the truth about few hosts and no weakness of the formula.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import PairedWindow
from phoenix.decide.verdict.estimand import Period, window_difference
from phoenix.decide.verdict.question import Measure, Peak, Question
from phoenix.decide.verdict.sequences.betting import bounds
from phoenix.decide.verdict.sequences.interval import Interval

FEWEST_HOSTS: Final = 2


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is said of hosts that did not take part.

    Attributes:
        value, interval: the mean saving of such hosts in the peak; None when nothing is claimed.
        reason: why it is claimed, or why not.
    """

    value: float | None
    interval: Interval | None
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "value": self.value,
            "interval": None if self.interval is None else [self.interval.low, self.interval.high],
            "reason": self.reason,
        }


def beyond(pairs: Sequence[PairedWindow], period: Period, question: Question) -> Beyond:
    """Return the claim about other hosts for the deciding measure, or why there is none."""
    missing = _what_is_missing(period, question)
    if missing or question.peak is None:
        return Beyond(None, None, f"The verdict speaks of these hosts only: {missing}.")
    means = _host_means(pairs, question.peak, question.measure)
    strata: dict[str, list[float]] = {}
    for host, value in means.items():
        strata.setdefault(question.strata[host], []).append(value)
    if few := sorted(kind for kind in set(question.strata.values()) if len(strata.get(kind, ())) < FEWEST_HOSTS):
        return Beyond(
            None, None, f"The verdict speaks of these hosts only: {few[0]} has too few with data in the peak."
        )
    interval = strata_interval(list(strata.values()), question.thresholds.alpha)
    value = math.fsum(means.values()) / len(means)
    return Beyond(
        value, interval, f"Of hosts like these {len(means)}, in the stated peak: hosts are the sampled units."
    )


def strata_interval(strata: Sequence[Sequence[float]], alpha: float) -> Interval:
    """Return the interval for the mean over strata, each weighted by its number of hosts, of means in [-1, 1]."""
    hosts = sum(len(values) for values in strata)
    low = high = 0.0
    for values in strata:
        below, above = bounds((np.array(sorted(values)) + 1.0) / 2.0, alpha / len(strata))
        low += len(values) / hosts * (2.0 * below - 1.0)
        high += len(values) / hosts * (2.0 * above - 1.0)
    return Interval(low, high)


def _what_is_missing(period: Period, question: Question) -> str:
    counts: dict[str, int] = {}
    for host in period.hosts:
        kind = question.strata.get(host, "")
        counts[kind] = counts.get(kind, 0) + 1
    if question.unpaired:
        return "the arms did not see the same scrapes"
    if not question.strata or "" in counts:
        return "they were not drawn at random from named strata"
    if min(counts.values()) < FEWEST_HOSTS:
        return f"a stratum has fewer than {FEWEST_HOSTS} of them"
    if question.peak is None:
        return "no period of most load was stated"
    if not period.starts or period.starts[0] > question.peak.start or period.end < question.peak.end:
        return "the stated peak is not covered yet, and the claim is made once, at its end"
    return ""


def _host_means(pairs: Sequence[PairedWindow], peak: Peak, measure: Measure) -> Mapping[HostId, float]:
    found: dict[HostId, list[float]] = {}
    for pair in pairs:
        value = window_difference(pair, measure)
        if peak.start <= pair.start < peak.end and not math.isnan(value):
            found.setdefault(pair.host, []).append(value)
    return {host: math.fsum(values) / len(values) for host, values in found.items()}
