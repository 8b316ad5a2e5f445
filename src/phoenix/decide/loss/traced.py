"""What was dropped and what was folded, from the lineage of the output's points: exact for any config.

A series is *kept* where an output series is made of its points alone, whatever that is called; *folded* where its
points are only in output series that others have a part in; *dropped* where none of its points is in any.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.account import Account
from phoenix.decide.loss.model import Dropped, Folded
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.totals import is_numeric, sums_by
from phoenix.telemetry.lineage import Origins

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Traced:
    """The fates of the input's series.

    Attributes:
        dropped: bool[series before].
        folded: bool[series before].
        groups: bool[series after], made of several series of the input.
        before: int64[...], sorted points of the input, one for each time one is part of a group's point.
        after: int64[...], the sorted point of the output that it is a part of.
    """

    dropped: NDArray[np.bool_]
    folded: NDArray[np.bool_]
    groups: NDArray[np.bool_]
    before: Int64s
    after: Int64s

    @classmethod
    def of(cls, before: Observed, after: Observed, origins: Origins) -> Self:
        """Follow the points; `origins` is by the rows of the two captures."""
        rows_in, rows_out = origins.pairs()
        points_in, points_out = _sorted_places(before)[rows_in], _sorted_places(after)[rows_out]
        count = max(1, len(before))
        edges = np.unique(after.series[points_out].astype(np.int64) * count + before.series[points_in])
        series_out, series_in = edges // count, edges % count
        groups = np.bincount(series_out, minlength=len(after)) > 1
        reached, kept = (np.zeros(len(before), dtype=np.bool_) for _ in range(2))
        reached[series_in] = True
        kept[series_in[~groups[series_out]]] = True
        grouped = groups[after.series[points_out]]
        return cls(~reached, reached & ~kept, groups, points_in[grouped], points_out[grouped])


def split(account: Account, origins: Origins) -> tuple[Dropped, Folded]:
    """Return what was dropped, and what was folded with how well its totals were kept.

    A total is that of the points that went into groups, compared with that of the groups, under the groups' names.
    """
    pairing = account.pairing
    traced = Traced.of(pairing.before, pairing.after, origins)
    error, metric = _totals_error(account, traced)
    folded = Folded(
        series_in=int(np.count_nonzero(traced.folded)),
        series_out=int(np.count_nonzero(traced.groups)),
        totals_error=error,
        metric=metric,
    )
    return account.gone(traced.dropped), folded


def _totals_error(account: Account, traced: Traced) -> tuple[float, str | None]:
    pairing, count = account.pairing, len(account.pairing.names)
    name = pairing.name_after[pairing.after.series]
    had = sums_by(name[traced.after], count, account.before.taken(traced.before))
    has = sums_by(name, count, account.after, traced.groups[pairing.after.series])
    numeric = {metric.name for metric in pairing.after.metrics.values() if is_numeric(metric)}
    errors = [
        (float(abs(out - into) / abs(into or out)), name)
        for name, into, out in zip(pairing.names, had, has, strict=True)
        if into != out and name in numeric
    ]
    return max(errors, key=lambda found: found[0], default=(0.0, None))


def _sorted_places(observed: Observed) -> Int64s:
    # Where each row of the capture's points stands among the sorted ones.
    places = np.empty(len(observed.row), dtype=np.int64)
    places[observed.row] = np.arange(len(observed.row))
    return places
