"""The figures of a verdict: what is saved of each measure, and each loss against its margin."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from phoenix.decide.arms.model import PairedWindow
from phoenix.decide.loss.words import count_text
from phoenix.decide.verdict.estimand import Period, over_windows, ratio_of_totals
from phoenix.decide.verdict.figures import Figures
from phoenix.decide.verdict.model import Evidence, LossShown, Margin, Saving
from phoenix.decide.verdict.question import Measure, Question
from phoenix.decide.verdict.sequences.interval import Interval, mean_interval, share_interval
from phoenix.decide.verdict.unpaired import cautious_differences, host_spread

_PAIRED = "Betting confidence sequence, widened for windows that hang together."
_UNPAIRED = " Wider: each window against its neighbours' least and most, and by how much hosts differ."
_CAPPED = "A window held more series than the meter keeps."


@dataclass(frozen=True, slots=True)
class Measured:
    """The windows of a verdict with their figures, and what it was asked.

    Attributes:
        pairs, figures: as many, one beside the other.
        period: which windows of which hosts they are.
        question: what was asked.
    """

    pairs: Sequence[PairedWindow]
    figures: Sequence[Figures]
    period: Period
    question: Question


def saving(of: Measured, measure: Measure) -> Saving:
    """Return what is saved of one measure. Windows that are no data widen the interval by the worst they can be."""
    pairs, question = of.pairs, of.question
    alpha, threshold = question.alpha(measure), question.thresholds.min_saving
    each = [figures.saved[measure] for figures in of.figures]
    if any(math.isnan(value) for value in each):
        return Saving(Evidence.NO_DATA, None, None, None, threshold, 0, alpha, _CAPPED)
    values = over_windows(pairs, each)
    if question.unpaired:
        least, most = cautious_differences(pairs, measure)
        low = mean_interval(over_windows(pairs, least), alpha).low
        high = mean_interval(over_windows(pairs, most), alpha).high
        interval = Interval(low, high).widened(host_spread(pairs, each))
    else:
        interval = mean_interval(values, alpha)
    return Saving(
        evidence=Evidence.MEASURED,
        value=math.fsum(values) / len(values),
        interval=interval.with_unknown(of.period.missing_share),
        ratio_of_totals=ratio_of_totals(pairs, measure),
        threshold=threshold,
        windows=len(values),
        alpha=alpha,
        reason=_PAIRED + (_UNPAIRED if question.unpaired else ""),
    )


def no_saving(question: Question, measure: Measure, reason: str) -> Saving:
    """Return the state of a measure of which nothing is said."""
    return Saving(
        Evidence.NO_DATA, None, None, None, question.thresholds.min_saving, 0, question.alpha(measure), reason
    )


def losses(of: Measured) -> tuple[LossShown, ...]:
    """Return each loss against its margin."""
    return (_value_error(of), _interest(of), _missing(of.period, of.question))


def _value_error(of: Measured) -> LossShown:
    question = of.question
    name, margin = "value_error", question.thresholds.value_error
    if question.unpaired:
        reason = f"Values cannot be held against each other: {question.unpaired}"
        return LossShown(name, Evidence.NOT_COMPARABLE, Margin.BELOW, None, None, margin, reason)
    values = over_windows(of.pairs, (figures.value_error for figures in of.figures))
    if not len(values):
        reason = "No series is in both arms, so no value can be wrong."
        return LossShown(name, Evidence.NO_DATA, Margin.BELOW, None, None, margin, reason)
    value, interval = math.fsum(values) / len(values), share_interval(values, question.thresholds.alpha)
    if question.values_stay and not value:
        reason = "The candidate has no processor that may change a value, and none changed in any window."
        return LossShown(name, Evidence.MEASURED, Margin.BELOW, value, interval, margin, reason)
    stands = Margin.BELOW if interval.high < margin else Margin.ABOVE if interval.low > margin else Margin.OPEN
    reason = f"The interval of the mean over windows against a margin of {margin:.1%}."
    return LossShown(name, Evidence.MEASURED, stands, value, interval, margin, reason)


def _interest(of: Measured) -> LossShown:
    question = of.question
    name, margin = "interest_lost", question.thresholds.interest_lost
    values = over_windows(of.pairs, (figures.interest_lost for figures in of.figures))
    if not question.interest or not len(values):
        reason = "None of the baseline's series was named as one of interest."
        return LossShown(name, Evidence.NOT_ASKED, Margin.BELOW, None, None, margin, reason)
    value = math.fsum(values) / len(values)
    if margin <= 0.0:
        reason = "No series of interest may be lost in any window."
        stands = Margin.ABOVE if value else Margin.BELOW
        return LossShown(name, Evidence.MEASURED, stands, value, None, margin, reason)
    interval = share_interval(values, question.thresholds.alpha)
    stands = Margin.BELOW if interval.high < margin else Margin.ABOVE if interval.low > margin else Margin.OPEN
    reason = f"The interval of the mean over windows against a margin of {margin:.1%}."
    return LossShown(name, Evidence.MEASURED, stands, value, interval, margin, reason)


def _missing(period: Period, question: Question) -> LossShown:
    share, margin = period.missing_share, question.thresholds.missing
    reason = (
        f"{count_text(period.missing, 'window')} of {period.pairs + period.missing:,} no data, counted one by one; "
        f"{margin:.1%} are allowed."
    )
    stands = Margin.OPEN if share > margin else Margin.BELOW
    return LossShown("missing", Evidence.MEASURED, stands, share, None, margin, reason)
