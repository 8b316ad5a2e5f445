"""How many series a vendor's period holds: unions over time, and what is said of periods longer than was seen.

A vendor's hour holds every series that was seen in it once, so a process that lived a minute counts whole, and a top-k
that flaps counts all it ever let through. Three rules, told in words beside every result:

- What was seen is longer than the period: the unions themselves, over every whole period seen.
- It is shorter: the series seen, and for the rest of the period new ones at the rate at which they came. What has no
  process id, such as the sum of a group, is the same when it comes again and is not counted anew. At least: none more.
  At most: all of them, at a rate two standard deviations and three arrivals above the one seen, so that "none seen" in
  a minute is not taken for "none in an hour".
- It was scraped faster than the pipeline will scrape: a series counts by the chance that a slower scrape meets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.core.units import format_duration
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.sightings import Sightings

# Of fewer moments than this no value lies above 95 in a hundred.
LEAST_MOMENTS: Final = 20


@dataclass(frozen=True, slots=True)
class Period:
    """How long a vendor remembers a series, and what it makes of the many such counts of a month.

    Attributes:
        seconds: a series counts when it was seen in so many seconds.
        percentile: of the counts at every moment of the month; None for the mean of consecutive periods.
    """

    seconds: float
    percentile: int | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """Counts of series at the moments, or in the periods, of a month, under three assumptions.

    Attributes:
        low, likely, high: a count each; every list stands for the whole month.
        rule: what was assumed, in words; empty when every count was told.
        arrived: series that came after the beginning of what was seen; None where that was not asked.
    """

    low: tuple[Decimal, ...]
    likely: tuple[Decimal, ...]
    high: tuple[Decimal, ...] | None
    rule: str = ""
    arrived: int | None = None

    def times(self, factor: Decimal) -> "Moments":
        """Return the same counts, so many times."""
        scaled = [tuple(count * factor for count in counts) for counts in (self.low, self.likely)]
        high = None if self.high is None else tuple(count * factor for count in self.high)
        return Moments(scaled[0], scaled[1], high, self.rule, self.arrived)

    def summed_up(self, percentile: int | None) -> Range:
        """Return what the vendor makes of them."""
        high = None if self.high is None else statistic(self.high, percentile)
        return Range(statistic(self.low, percentile), statistic(self.likely, percentile), high)


def statistic(counts: Sequence[Decimal], percentile: int | None) -> Decimal:
    """Return the percentile of counts (nearest rank), or their mean; of too few the mean stands for both.

    >>> statistic([Decimal(n) for n in range(1, 101)], 95), statistic([Decimal(1), Decimal(2)], 95)
    (Decimal('95'), Decimal('1.5'))
    """
    if percentile is None or len(counts) < LEAST_MOMENTS:
        return sum(counts, Decimal(0)) / len(counts)
    rank = -(-percentile * len(counts) // 100)
    return sorted(counts)[max(rank, 1) - 1]


def moments(seen: Sightings, period: Period) -> Moments:
    """Return the counts of a period over what was seen; worked out once, since many vendors ask alike."""
    if period not in seen.told:
        seen.told[period] = _counted(seen, period)
    found: Moments = seen.told[period]
    return found


def _counted(seen: Sightings, period: Period) -> Moments:
    slots = max(1, round(period.seconds / seen.seconds))
    if seen.slots < slots:
        return _extended(seen, period.seconds)
    counts = _consecutive(seen, slots) if period.percentile is None else _sliding(seen, slots)
    values = tuple(Decimal(int(count)) for count in counts)
    words = format_duration(period.seconds)
    rule = f"every {words} of what was seen stands for the month's"
    if len(values) == 1:
        return Moments(values, values, values, f"{rule}; it was one, so how they differ is not known")
    low, high = (min(values),), (max(values),)
    return Moments(low, values, high, f"{rule}; at least and at most are the smallest and the largest of {len(values)}")


def _consecutive(seen: Sightings, slots: int) -> NDArray[np.int64]:
    """Return the distinct series of each whole period; what is left over at the end is no whole one."""
    periods = seen.slots // slots
    place = seen.place // slots
    whole = place < periods
    # Rows come by series and time, so a pair that was counted already is the one before.
    number, place = seen.number[whole], place[whole]
    fresh = np.ones(len(place), dtype=np.bool_)
    fresh[1:] = (np.diff(number) != 0) | (np.diff(place) != 0)
    return np.bincount(place[fresh], minlength=periods)


def _sliding(seen: Sightings, slots: int) -> NDArray[np.int64]:
    """Return the distinct series of the last `slots` slots, at each moment that has so many behind it.

    A sighting makes its series active until it is seen again or `slots` have gone by.
    """
    ends = seen.place + slots
    again = seen.number[1:] == seen.number[:-1]
    ends[:-1][again] = np.minimum(ends[:-1][again], seen.place[1:][again])
    changes = np.bincount(seen.place, minlength=seen.slots + slots + 1) - np.bincount(
        ends, minlength=seen.slots + slots + 1
    )
    active: NDArray[np.int64] = np.cumsum(changes)[slots - 1 : seen.slots]
    return active


def _extended(seen: Sightings, seconds: float) -> Moments:
    """Return the one count that a stretch shorter than the period leads to."""
    length = _length(seen.slots * seen.seconds)
    if not seen.count:
        nothing = (Decimal(0),)
        return Moments(nothing, nothing, nothing, f"{length} were seen without any series", 0)
    whole = Decimal(seen.count)
    weight = seen.weights()
    likely = _decimal(float(weight.sum()))
    low = min(_decimal(seen.mean_a_slot()), likely) if seen.thinned else whole
    exposure = (seen.slots - 1) * seen.seconds
    if not exposure:
        rule = f"one look of {length} says nothing of the series still to come in a vendor's period: at most is unknown"
        return Moments((low,), (likely,), None, rule)
    came = seen.arrivals()
    further = (seconds - seen.slots * seen.seconds) / exposure
    arrivals = float(np.count_nonzero(came)) / seen.series_a_source
    most = seen.series_a_source * (arrivals + 2 * arrivals**0.5 + 3)
    return Moments(
        (low,),
        (likely + _decimal(float(weight[seen.renewed()].sum()) * further),),
        (whole + _decimal(most * further),),
        _rule(length, thinned=seen.thinned),
        int(np.count_nonzero(came)),
    )


def _rule(length: str, *, thinned: bool) -> str:
    said = (
        f"{length} were seen: for the rest of a vendor's period new series go on coming as they came, those of a "
        "process with an id of its own; at least none more come; at most two standard deviations and three arrivals "
        "more than that"
    )
    if thinned:
        said += (
            "; the pipeline scrapes more slowly than was recorded, so a series that lived briefly counts by the chance "
            "that a scrape meets it, and at least as many as an average scrape holds"
        )
    return said


def _length(seconds: float) -> str:
    return format_duration(round(seconds) if seconds >= 10 else seconds)


def _decimal(value: float) -> Decimal:
    # Six places are far below a cent of any price, and the same on every machine.
    return Decimal(str(round(value, 6)))
