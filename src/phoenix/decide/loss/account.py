"""Two captures with what every point of them adds up to: the book that dropped and folded are read from."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.model import Dropped, Thinned, Total
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.totals import Contributions, additive_names, contributions, sums_by


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

    @classmethod
    def of(cls, pairing: Pairing) -> Self:
        """Return the account of two captures; a birth is what began after the first point of the input."""
        before = pairing.before
        times = before.time[before.time != 0]
        first_time = int(times.min()) if len(times) else 0
        return cls(
            pairing,
            contributions(before, first_time=first_time),
            contributions(pairing.after, first_time=first_time, made=pairing.made, known_starts=before.start),
        )

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
        additive = names & additive_names(self.pairing.before)
        return Dropped(
            series=int(np.count_nonzero(series)),
            points=int(self.pairing.before.points[series].sum()),
            totals={name: total for name, total in zip(self.pairing.names, totals, strict=True) if name in additive},
        )

    def _totals_before(self, series: NDArray[np.bool_]) -> list[Total]:
        before = self.pairing.before
        group = self.pairing.name_before[before.series]
        return sums_by(group, len(self.pairing.names), self.before, series[before.series])
