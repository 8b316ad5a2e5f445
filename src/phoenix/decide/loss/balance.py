"""The balance of what was folded: metric by metric, the total that went into groups and the total that came out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.account import Account
from phoenix.decide.loss.corruption.total_grew import grown
from phoenix.decide.loss.falls import fallen_names
from phoenix.decide.loss.model import Corruption, Folded, Missing, Total
from phoenix.decide.loss.totals import is_numeric, rounding_by, sums_by
from phoenix.decide.loss.words import count_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric in the balance of what was folded.

    Attributes:
        name: the metric's name.
        series_in: its series that are in no other way in the output.
        series_out: its series that the pipeline made.
        had: total of the input's series that were declared folded, None where the metric has none.
        has: total of what the pipeline made and of what stayed of those series.
        excess: by how much their sums without sign grew.
        slack: what rounding alone explains; infinite where the input's counters fall, so that nothing is judged.
    """

    name: str
    series_in: int
    series_out: int
    had: Total | None
    has: Total
    excess: Total
    slack: float

    @property
    def error(self) -> float:
        """The relative difference of the totals; 1 where something came from nothing."""
        if self.had is None or self.had == self.has:
            return 0.0
        return float(abs(self.has - self.had) / abs(self.had or self.has))

    @property
    def grew(self) -> bool:
        """More came out than went in, beyond rounding."""
        return self.had is not None and self.excess > self.slack

    @property
    def is_short(self) -> bool:
        """Less came out than went in, beyond rounding; where nothing can be added, no group came out at all."""
        if self.had is None:
            return not self.series_out
        return not self.grew and abs(self.has - self.had) > self.slack


@dataclass(frozen=True, slots=True)
class Balance:
    """One entry for each metric of which something was folded."""

    entries: tuple[Entry, ...]

    def folded(self) -> Folded:
        """Return how many series were folded, and the worst metric's error."""
        worst = max(self.entries, key=lambda entry: entry.error, default=None)
        return Folded(
            series_in=sum(entry.series_in for entry in self.entries),
            series_out=sum(entry.series_out for entry in self.entries),
            totals_error=worst.error if worst else 0.0,
            metric=worst.name if worst and worst.error else None,
        )

    def missing(self) -> list[Missing]:
        """Return the metrics of which less came out."""
        return [
            _unfolded(entry.name, entry.series_in)
            if entry.had is None
            else _short(entry.name, entry.series_in, entry.had, entry.has)
            for entry in self.entries
            if entry.is_short
        ]

    def grown(self) -> tuple[Corruption, ...]:
        """Return the metrics of which more came out."""
        return tuple(
            grown(entry.name, entry.had, entry.has) for entry in self.entries if entry.grew and entry.had is not None
        )


def balance(account: Account, declared: NDArray[np.bool_]) -> Balance:
    """Compare, metric by metric, the total of the series declared folded with what the output has of it.

    Series declared folded that stayed are on both sides: one that is folded at some scrapes and kept at others is whole
    only with its share of the groups.
    """
    pairing = account.pairing
    count = len(pairing.names)
    group_in, group_out = pairing.name_before[pairing.before.series], pairing.name_after[pairing.after.series]
    inward = declared[pairing.before.series]
    outward = (pairing.made | pairing.carried(declared))[pairing.after.series]
    had, has = sums_by(group_in, count, account.before, inward), sums_by(group_out, count, account.after, outward)
    size_in = sums_by(group_in, count, account.before.magnitude(), inward)
    size_out = sums_by(group_out, count, account.after.magnitude(), outward)
    slack = rounding_by(group_in, count, account.before) + rounding_by(group_out, count, account.after)
    series_in = np.bincount(pairing.name_before[declared & pairing.missing], minlength=count)
    series_out = np.bincount(pairing.name_after[pairing.made], minlength=count)
    unknown = fallen_names(pairing.before)
    numeric = {metric.name for metric in pairing.before.metrics.values() if is_numeric(metric)}
    return Balance(
        tuple(
            Entry(
                name=name,
                series_in=int(series_in[number]),
                series_out=int(series_out[number]),
                had=had[number] if name in numeric else None,
                has=has[number],
                excess=size_out[number] - size_in[number],
                slack=float("inf") if name in unknown else float(slack[number]),
            )
            for number, name in enumerate(pairing.names)
            if series_in[number]
        )
    )


def _short(name: str, series: int, had: Total, has: Total) -> Missing:
    return Missing(
        name,
        series,
        f"{name} of the folded series adds up to {had:,} in the input and to {has:,} in the output",
        "A folded total must be kept: the difference was lost on the way into the groups.",
    )


def _unfolded(name: str, series: int) -> Missing:
    return Missing(
        name,
        series,
        f"{count_text(series, 'series', 'series')} of {name} declared to be folded, and no group of it came out",
        "What was declared to be folded was dropped.",
    )
