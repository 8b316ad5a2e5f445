"""What a verdict estimates: the mean over windows of (baseline - candidate) / the larger of both, for named hosts.

The share of a window lies in [-1, 1] whatever the arms hold, 0.5 is half saved and -0.5 half of what there is now came
on top. Hosts of one window hang together, so a window counts once, with the mean of its hosts.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.decide.arms.model import NoDataKind, PairedWindow, Pairing
from phoenix.decide.verdict.question import Measure
from phoenix.telemetry.window.model import WindowMeasure

Array = NDArray[np.float64]

# So many windows at the end of the period may still be under way on a host that lags.
_LATE = 3


def difference(baseline: float, candidate: float) -> float:
    """Return (baseline - candidate) / the larger of both; 0 when both are nothing.

    >>> difference(200, 100), difference(100, 200), difference(0, 0)
    (0.5, -0.5, 0.0)
    """
    larger = max(baseline, candidate)
    return (baseline - candidate) / larger if larger > 0 else 0.0


def amount(window: WindowMeasure, measure: Measure) -> float:
    """Return what a window holds of a measure; NaN for series beyond the cap, of which nobody knows how many."""
    match measure:
        case Measure.SERIES:
            return math.nan if window.series.truncated else float(len(window.series.hashes))
        case Measure.POINTS:
            return float(window.points)
        case Measure.BYTES:
            return float(window.otlp_bytes)


def window_difference(pair: PairedWindow, measure: Measure) -> float:
    """Return the share saved in one window of one host; NaN when it is not known."""
    before, after = amount(pair.baseline, measure), amount(pair.candidate, measure)
    return math.nan if math.isnan(before) or math.isnan(after) else difference(before, after)


def ratio_of_totals(pairs: Sequence[PairedWindow], measure: Measure) -> float | None:
    """Return what is saved of the sum over all windows; None when it is not known or the baseline is nothing."""
    before = math.fsum(amount(pair.baseline, measure) for pair in pairs)
    after = math.fsum(amount(pair.candidate, measure) for pair in pairs)
    return (before - after) / before if before > 0 and not math.isnan(after) else None


@dataclass(frozen=True, slots=True)
class Period:
    """Which windows of which hosts a verdict rests on.

    Attributes:
        hosts: by name.
        starts: of the windows that at least one host has as a pair, ascending, nanoseconds.
        end: of the last, nanoseconds; 0 without any.
        pairs: windows of hosts that are compared.
        missing: windows of hosts that are no data; warming up before a host's first pair is none of them.
    """

    hosts: tuple[HostId, ...]
    starts: tuple[int, ...]
    end: int
    pairs: int
    missing: int

    @property
    def missing_share(self) -> float:
        """The share of the period's windows that are no data."""
        known = self.pairs + self.missing
        return self.missing / known if known else 0.0


def period_of(pairing: Pairing) -> Period:
    """Return the period of a pairing; the order of its windows does not matter."""
    paired: dict[HostId, set[int]] = {}
    lost: dict[HostId, dict[int, NoDataKind]] = {}
    for pair in pairing.pairs:
        paired.setdefault(pair.host, set()).add(pair.start)
    for it in pairing.no_data:
        lost.setdefault(it.host, {})[it.start] = it.kind
    starts = tuple(sorted({start for own in paired.values() for start in own}))
    ends = [pair.start + round(pair.baseline.seconds * NANOSECONDS) for pair in pairing.pairs]
    hosts = tuple(sorted(paired.keys() | lost.keys()))
    missing = sum(_missing(paired.get(host, set()), lost.get(host, {}), starts) for host in hosts)
    return Period(hosts, starts, max(ends, default=0), sum(map(len, paired.values())), missing)


def over_windows(pairs: Iterable[PairedWindow], values: Iterable[float]) -> Array:
    """Return the mean over hosts of what each window has, by time; what is not known (NaN) is left out."""
    found: dict[int, list[float]] = {}
    for pair, value in zip(pairs, values, strict=True):
        if not math.isnan(value):
            found.setdefault(pair.start, []).append(value)
    # A sum that is exact does not depend on the order of hosts.
    return np.array([math.fsum(found[start]) / len(found[start]) for start in sorted(found)])


def _missing(paired: AbstractSet[int], lost: Mapping[int, NoDataKind], starts: Sequence[int]) -> int:
    """Return how many windows of one host are missing: named as such, or silent after it was heard."""
    first = min(paired, default=None)
    named = [
        start
        for start, kind in lost.items()
        if start not in paired and (kind is not NoDataKind.WARM_UP or (first is not None and start > first))
    ]
    heard = min([*paired, *lost])
    silent = [start for start in starts[:-_LATE] if start > heard and start not in paired and start not in lost]
    return len(named) + len(silent)
