"""What became of the series that did not arrive as they were: dropped, folded, or missing against the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.catalogue.fold_map import Fate, FoldMap
from phoenix.decide.loss.corruption.total_grew import grown
from phoenix.decide.loss.model import Corruption, Dropped, Folded, Missing, Thinned, Total
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.totals import Contributions, is_additive, rounding_by, sums_by
from phoenix.decide.loss.words import count_text, series_text

_FATES = (Fate.KEPT, Fate.FOLDED, Fate.DROPPED)


@dataclass(frozen=True, slots=True)
class Account:
    """Two captures with what every point of them adds to its metric's total.

    Attributes:
        pairing: the two captures.
        before: contributions of the input's sorted points.
        after: contributions of the output's sorted points.
    """

    pairing: Pairing
    before: Contributions
    after: Contributions

    def lost_points(self) -> NDArray[np.int64]:
        """Return int64[series before]: how many points fewer a series that stayed has, whenever they are."""
        stayed = ~self.pairing.missing
        lost = np.zeros(len(self.pairing.before), np.int64)
        had = self.pairing.before.points[stayed]
        lost[stayed] = np.maximum(had - self.pairing.after.points[self.pairing.after_of[stayed]], 0)
        return lost

    def thinned(self) -> Thinned:
        """Return how many series stayed with fewer points."""
        lost = self.lost_points()
        return Thinned(int(np.count_nonzero(lost)), int(lost.sum()))

    def gone(self, series: NDArray[np.bool_]) -> Dropped:
        """Return the input's series, points and totals among bool[series before] `series`."""
        totals = self._totals_before(series)
        names = {self.pairing.names[number] for number in np.unique(self.pairing.name_before[series])}
        additive = names & {metric.name for metric in self.pairing.before.metrics.values() if is_additive(metric)}
        return Dropped(
            series=int(np.count_nonzero(series)),
            points=int(self.pairing.before.points[series].sum()),
            totals={name: total for name, total in zip(self.pairing.names, totals, strict=True) if name in additive},
        )

    def _totals_before(self, series: NDArray[np.bool_]) -> list[Total]:
        before = self.pairing.before
        group = self.pairing.name_before[before.series]
        return sums_by(group, len(self.pairing.names), self.before, series[before.series])


@dataclass(frozen=True, slots=True)
class Judged:
    """What a fold map makes of an account."""

    dropped: Dropped
    folded: Folded
    missing: tuple[Missing, ...]
    grown: tuple[Corruption, ...]


def judge(account: Account, declared: FoldMap) -> Judged:
    """Return what was dropped and folded as declared, and what is missing or too much against the declaration.

    A series that stayed whole is kept whatever is declared. Of a series declared folded that stayed with fewer points,
    the rest counts as folded: its share of the totals must be in the groups.
    """
    fates = _fates(account.pairing, declared)
    missing = account.pairing.missing
    folded = missing & (fates == _FATES.index(Fate.FOLDED))
    flipping = ~missing & (account.lost_points() > 0) & (fates == _FATES.index(Fate.FOLDED))
    ledger = _ledger(account, folded, flipping)
    return Judged(
        dropped=account.gone(missing & (fates == _FATES.index(Fate.DROPPED))),
        folded=ledger.folded,
        missing=(*_undeclared(account.pairing, missing & (fates == _FATES.index(Fate.KEPT))), *ledger.missing),
        grown=ledger.grown,
    )


def _fates(pairing: Pairing, declared: FoldMap) -> NDArray[np.int8]:
    """Return int8[series before], row of `_FATES`. Patterns are asked once a distinct resource."""
    before = pairing.before
    key, inverse = np.unique(
        before.resource.astype(np.int64) * len(pairing.names) + pairing.name_before, return_inverse=True
    )
    rules = {row: _rules_for(resource, declared) for row, resource in before.resources.items()}
    known: dict[tuple[FoldMap, int], int] = {}
    answers = np.zeros(len(key), np.int8)
    for place, (row, number) in enumerate(zip(*divmod(key, len(pairing.names)), strict=True)):
        question = (rules[int(row)], int(number))
        if question not in known:
            known[question] = _FATES.index(question[0].fate({}, pairing.names[number]))
        answers[place] = known[question]
    return answers[inverse]


def _rules_for(resource: Mapping[str, object], declared: FoldMap) -> FoldMap:
    """Return the rules whose patterns match a resource, without their patterns: they ask for the metric only."""
    matching = (
        rule for rule in declared.rules if not rule.processes or any(one.matches(resource) for one in rule.processes)
    )
    return FoldMap(tuple(replace(rule, processes=()) for rule in matching))


def _undeclared(pairing: Pairing, absent: NDArray[np.bool_]) -> list[Missing]:
    by_name = np.bincount(pairing.name_before[absent], minlength=len(pairing.names))
    return [
        Missing(
            metric=pairing.names[name],
            series=int(by_name[name]),
            example=series_text(pairing.before, int(np.flatnonzero(absent & (pairing.name_before == name))[0])),
            why=f"{count_text(int(by_name[name]), 'series', 'series')} declared to be kept did not arrive.",
        )
        for name in np.flatnonzero(by_name)
    ]


@dataclass(frozen=True, slots=True)
class _Ledger:
    folded: Folded
    missing: tuple[Missing, ...]
    grown: tuple[Corruption, ...]


def _ledger(account: Account, folded: NDArray[np.bool_], flipping: NDArray[np.bool_]) -> _Ledger:
    """Compare, metric by metric, what was folded with what the pipeline made of it."""
    pairing = account.pairing
    count = len(pairing.names)
    before, after = pairing.before, pairing.after
    group_in, group_out = pairing.name_before[before.series], pairing.name_after[after.series]
    inward = (folded | flipping)[before.series]
    outward = (pairing.made | pairing.carried(flipping))[after.series]
    total_in = sums_by(group_in, count, account.before, inward)
    total_out = sums_by(group_out, count, account.after, outward)
    size_in = sums_by(group_in, count, account.before.magnitude(), inward)
    size_out = sums_by(group_out, count, account.after.magnitude(), outward)
    slack = rounding_by(group_in, count, account.before) + rounding_by(group_out, count, account.after)
    series_in = np.bincount(pairing.name_before[folded], minlength=count)
    series_out = np.bincount(pairing.name_after[pairing.made], minlength=count)
    additive = {metric.name for metric in before.metrics.values() if is_additive(metric)}
    missing, excess = [], []
    worst, worst_name = 0.0, None
    for number, name in enumerate(pairing.names):
        if not series_in[number]:
            continue
        had, has = total_in[number], total_out[number]
        if name in additive:
            error = _relative(had, has)
            if error > worst:
                worst, worst_name = error, name
            if size_out[number] - size_in[number] > slack[number]:
                excess.append(grown(name, size_in[number], size_out[number]))
            elif abs(had - has) > slack[number]:
                missing.append(_short(name, int(series_in[number]), had, has))
        elif not series_out[number]:
            missing.append(_unfolded(name, int(series_in[number])))
    return _Ledger(
        Folded(int(series_in.sum()), int(series_out.sum()), worst, worst_name), tuple(missing), tuple(excess)
    )


def _relative(had: Total, has: Total) -> float:
    return abs(has - had) / abs(had or has) if had != has else 0.0


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
