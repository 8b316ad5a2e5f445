"""What became, live, of the series that the candidate does not hand on as they were.

Windows hold hashes of series, not their identities: what was dropped and what was folded is told apart only where the
template declares one of the two. The offline check, which sees every point, says more (`decide.loss`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from phoenix.collector.catalogue.fold_map import Fate, FoldMap
from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.decide.arms.model import PairedWindow
from phoenix.decide.arms.sets import Crossing, cross
from phoenix.decide.loss.model import Corruption, CorruptionKind, Dropped, Folded, Thinned, gone_as_dict
from phoenix.decide.loss.words import clock_text, count_text
from phoenix.telemetry.window.model import WindowMeasure
from phoenix.telemetry.window.series_set import union

# Sums of the same doubles in another order differ by rounding.
_SAME: Final = 1e-9
_ANY_METRIC: Final = ""

_WHY: Final = {
    CorruptionKind.DUPLICATE_IDENTITY: "Two points of one series have one time: a store keeps one of them.",
    CorruptionKind.COUNTER_FELL: "A counter falls without a new start: its reader takes that for a restart and adds.",
    CorruptionKind.TEMPORALITY: "The exporter refuses this kind of sum.",
    CorruptionKind.HOST_IDENTITY_LOST: "Series of different hosts can't be told apart.",
}


@dataclass(frozen=True, slots=True)
class LiveLoss:
    """Everything that became of the baseline's telemetry in the candidate other than arriving as it was.

    Attributes:
        corrupted: damage that the baseline does not have.
        undeclared_missing: series that a template declared to keep and that are gone.
        dropped, folded: known where the template declares only one of them; None otherwise.
        dropped_or_folded: series only in the baseline where nothing tells; None otherwise.
        made: series only in the candidate.
        thinned: series that stayed with fewer points.
        values_differ: series that stayed with as many points and another sum of values, in a window.
        totals: of additive metrics in both arms, and how far they are apart.
        lower_bound: windows held more series than the meter keeps.
    """

    corrupted: tuple[Corruption, ...]
    undeclared_missing: int
    dropped: Dropped | None
    folded: Folded | None
    dropped_or_folded: Dropped | None
    made: int
    thinned: Thinned
    values_differ: int
    totals: Mapping[str, tuple[float, float]]
    lower_bound: bool = False

    @property
    def harmless(self) -> bool:
        """Nothing corrupted, and nothing missing that was declared to stay."""
        return not self.corrupted and not self.undeclared_missing

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: `dropped` and `folded`, or `dropped_or_folded` where they cannot be told apart."""
        return gone_as_dict(self.dropped, self.folded, self.dropped_or_folded) | {
            "made": self.made,
            "thinned": self.thinned.as_dict(),
            "undeclared_missing": self.undeclared_missing,
            "values_differ": self.values_differ,
            "totals": {
                name: {"baseline": before, "candidate": after, "error": _error(before, after)}
                for name, (before, after) in self.totals.items()
            },
            "lower_bound": self.lower_bound,
            "corrupted": [corruption.as_dict() for corruption in self.corrupted],
        }


def live_loss(pairs: Sequence[PairedWindow], *, declared: FoldMap | None = None, values_stay: bool = False) -> LiveLoss:
    """Return the loss over paired windows, in any order.

    Args:
        pairs: the windows.
        declared: the fold map of a catalogue template; None for a config nobody annotated.
        values_stay: the candidate has no processor that may change a value or a time, so a difference is damage.
    """
    crossings = [_crossing(host_pairs) for host_pairs in _by_host(pairs).values()]
    gone = sum(len(crossing.gone) for crossing in crossings)
    totals = _totals([pair for host_pairs in _by_host(pairs).values() for pair in _unbroken(host_pairs)])
    fates = _Fates.of(declared)
    was = Dropped(gone, sum(int(crossing.gone.sum()) for crossing in crossings), _lost_totals(totals))
    made = sum(len(crossing.made) for crossing in crossings)
    differing = [(pair, count) for pair in pairs if (count := _values_differ(pair))]
    return LiveLoss(
        corrupted=(*_corrupted(pairs), *_grown(pairs, totals), *(_changed(differing) if values_stay else ())),
        undeclared_missing=gone if fates.only_kept else 0,
        dropped=was if fates.only_dropped else Dropped() if fates.only_kept or fates.only_folded else None,
        folded=_folded(gone, made, totals) if fates.only_folded else Folded() if fates.without_folding else None,
        dropped_or_folded=was if fates.unclear else None,
        made=made,
        thinned=_thinned(crossings),
        values_differ=sum(count for _, count in differing),
        totals=totals,
        lower_bound=any(crossing.truncated for crossing in crossings),
    )


@dataclass(frozen=True, slots=True)
class _Fates:
    """Which fates other than being kept a fold map declares; `unclear` when it declares both, or is not there."""

    only_kept: bool
    only_dropped: bool
    only_folded: bool
    unclear: bool

    @classmethod
    def of(cls, declared: FoldMap | None) -> "_Fates":
        fates = {rule.fate for rule in declared.rules} - {Fate.KEPT} if declared else {Fate.DROPPED, Fate.FOLDED}
        return cls(not fates, fates == {Fate.DROPPED}, fates == {Fate.FOLDED}, len(fates) > 1)

    @property
    def without_folding(self) -> bool:
        return self.only_kept or self.only_dropped


def _by_host(pairs: Iterable[PairedWindow]) -> dict[HostId, list[PairedWindow]]:
    found: dict[HostId, list[PairedWindow]] = {}
    for pair in pairs:
        found.setdefault(pair.host, []).append(pair)
    return found


def _crossing(pairs: Sequence[PairedWindow]) -> Crossing:
    return cross(union([pair.baseline.series for pair in pairs]), union([pair.candidate.series for pair in pairs]))


def _thinned(crossings: Iterable[Crossing]) -> Thinned:
    lost = [np.maximum(crossing.points[:, 0] - crossing.points[:, 1], 0) for crossing in crossings]
    return Thinned(sum(int(np.count_nonzero(one)) for one in lost), sum(int(one.sum()) for one in lost))


def _values_differ(pair: PairedWindow) -> int:
    """Return how many series have as many points in both arms and another sum of values."""
    if pair.baseline.scrapes != pair.candidate.scrapes:
        return 0
    crossing = cross(pair.baseline.series, pair.candidate.series)
    before, after = crossing.values[:, 0], crossing.values[:, 1]
    near = np.isclose(before, after, rtol=_SAME, atol=0.0, equal_nan=True)
    return int(np.count_nonzero((crossing.points[:, 0] == crossing.points[:, 1]) & ~near))


def _totals(pairs: Sequence[PairedWindow]) -> dict[str, tuple[float, float]]:
    """Return the totals of every additive metric, which are those that have one in the baseline, by name."""
    names = {name for pair in pairs for name, part in pair.baseline.metrics.items() if part.total}
    return {
        name: (sum(_total(pair.baseline, name) for pair in pairs), sum(_total(pair.candidate, name) for pair in pairs))
        for name in sorted(names)
    }


def _unbroken(pairs: Sequence[PairedWindow]) -> list[PairedWindow]:
    """Return the pairs of one host without those that come after a hole.

    An increment belongs to the window of its later point: the first window after one that an arm lost also counts what
    happened in the lost one, in that arm only.
    """
    return [min(pairs, key=lambda pair: pair.start), *_following(pairs)]


def _following(pairs: Sequence[PairedWindow]) -> list[PairedWindow]:
    """Return the pairs of one host whose window before is a pair too."""
    ends = {pair.start + round(pair.baseline.seconds * NANOSECONDS) for pair in pairs}
    return [pair for pair in pairs if pair.start in ends]


def _total(window: WindowMeasure, name: str) -> float:
    part = window.metrics.get(name)
    return part.total if part else 0.0


def _lost_totals(totals: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    return {name: before - after for name, (before, after) in totals.items() if after < before}


def _folded(gone: int, made: int, totals: Mapping[str, tuple[float, float]]) -> Folded:
    errors = {name: _error(before, after) for name, (before, after) in totals.items()}
    worst = max(errors, key=lambda name: (errors[name], name), default=None)
    return Folded(gone, made, errors[worst] if worst else 0.0, worst if worst and errors[worst] else None)


def _error(before: float, after: float) -> float:
    return abs(after - before) / before if before else 0.0


def _corrupted(pairs: Sequence[PairedWindow]) -> list[Corruption]:
    """Return the damage inside the candidate's stream that the baseline's window does not have."""
    found: dict[str, list[tuple[int, PairedWindow]]] = {}
    for pair in sorted(pairs, key=lambda it: (it.start, it.host)):
        for kind, count in pair.candidate.corruption.items():
            more = count - pair.baseline.corruption.get(kind, 0)
            if more > 0:
                found.setdefault(kind, []).append((more, pair))
    return [
        Corruption(
            kind=CorruptionKind(kind),
            metric=_ANY_METRIC,
            count=sum(count for count, _ in places),
            example=_place(max(places, key=lambda it: it[0])[1]),
            why=_WHY.get(CorruptionKind(kind), "The baseline's stream does not have this."),
        )
        for kind, places in sorted(found.items())
    ]


def _grown(pairs: Sequence[PairedWindow], totals: Mapping[str, tuple[float, float]]) -> list[Corruption]:
    """Return the additive metrics whose total exceeds the baseline's by more than windows can shift it.

    Arms of the same series may not differ at all, once the window before is known of both. Another candidate may move
    points by a scrape over the edge of a window, so each unbroken stretch of windows may hold what one window more
    would.
    """
    hosts = list(_by_host(pairs).values())
    following = [pair for host_pairs in hosts for pair in _following(host_pairs)]
    same = all(np.array_equal(pair.baseline.series.hashes, pair.candidate.series.hashes) for pair in pairs)
    exact = same and bool(following)
    grown = []
    for name, (before, after) in (_totals(following) if exact else totals).items():
        slack = 0.0 if exact else sum(_slack(host_pairs, name) for host_pairs in hosts)
        if after > before * (1 + _SAME) + slack:
            example = f"{after:,.6g} where the baseline has {before:,.6g}"
            why = "More is counted than there was: something is counted twice."
            grown.append(Corruption(CorruptionKind.TOTAL_GREW, name, 1, example, why))
    return grown


def _slack(pairs: Sequence[PairedWindow], name: str) -> float:
    stretches = len(pairs) - len(_following(pairs))
    return stretches * max(_total(pair.baseline, name) for pair in pairs)


def _changed(differing: Sequence[tuple[PairedWindow, int]]) -> list[Corruption]:
    if not differing:
        return []
    worst, count = max(differing, key=lambda it: it[1])
    example = f"{count_text(count, 'series', 'series')} in the {_place(worst)}"
    why = "The candidate has no processor that may change a value, and values changed."
    return [Corruption(CorruptionKind.VALUE_CHANGED, _ANY_METRIC, sum(count for _, count in differing), example, why)]


def _place(pair: PairedWindow) -> str:
    return f"window at {clock_text(pair.start)} on host {pair.host}"
