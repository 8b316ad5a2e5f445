"""Arms that did not see the same scrapes: compared with more caution, and labelled.

Two cases: a candidate that scrapes by itself on the same host (its receiver differs), and arms on different collectors.
Points near the edge of a window may stand in either neighbour, so each window is held against the least and the most
that the other arm had in it and beside it; and how much hosts differ among each other widens the interval, since a
difference between two hosts may be theirs and not the candidate's.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.decide.arms.model import NoData, NoDataKind, PairedWindow, Pairing
from phoenix.decide.verdict.estimand import amount, difference
from phoenix.decide.verdict.question import Measure
from phoenix.telemetry.window.model import WindowMeasure

Windows = Mapping[HostId, Mapping[int, WindowMeasure]]


def pair_arms(baseline: Windows, candidate: Windows) -> Pairing:
    """Return every window of every baseline host beside every candidate host's; a host of the pairing names both.

    A window that only one side has, or that is a gap on either, is no data.
    """
    pairs: list[PairedWindow] = []
    no_data: list[NoData] = []
    for one, its in sorted(baseline.items()):
        for other, theirs in sorted(candidate.items()):
            host = HostId(f"{one} | {other}")
            for start in sorted(its.keys() | theirs.keys()):
                found = _together(host, start, its.get(start), theirs.get(start))
                if isinstance(found, NoData):
                    no_data.append(found)
                else:
                    pairs.append(found)
    return Pairing(tuple(sorted(pairs, key=_place)), tuple(sorted(no_data, key=_place)))


def cautious_differences(pairs: Sequence[PairedWindow], measure: Measure) -> tuple[list[float], list[float]]:
    """Return the least and the most that each window may have saved, given its neighbours; NaN when not known."""
    by_place = {(pair.host, pair.start): pair for pair in pairs}
    least, most = [], []
    for pair in pairs:
        width = round(pair.baseline.seconds * NANOSECONDS)
        around = [by_place.get((pair.host, pair.start + step)) for step in (-width, 0, width)]
        near = [it for it in around if it is not None]
        before = [amount(it.baseline, measure) for it in near]
        after = [amount(it.candidate, measure) for it in near]
        known = not any(math.isnan(value) for value in (*before, *after))
        least.append(difference(min(before), max(after)) if known else math.nan)
        most.append(difference(max(before), min(after)) if known else math.nan)
    return least, most


def host_spread(pairs: Sequence[PairedWindow], values: Iterable[float]) -> float:
    """Return half of how far the means of hosts lie apart; 0 for one host, of which nobody knows."""
    found: dict[HostId, list[float]] = {}
    for pair, value in zip(pairs, values, strict=True):
        if not math.isnan(value):
            found.setdefault(pair.host, []).append(value)
    means = [math.fsum(own) / len(own) for own in found.values()]
    return (max(means) - min(means)) / 2.0 if means else 0.0


def _place(it: PairedWindow | NoData) -> tuple[int, HostId]:
    return it.start, it.host


def _together(
    host: HostId, start: int, before: WindowMeasure | None, after: WindowMeasure | None
) -> PairedWindow | NoData:
    if before is None or after is None:
        which = "baseline" if before is None else "candidate"
        return NoData(host, start, NoDataKind.MISSING, f"Nothing of the {which} arm arrived.")
    if gap := before.gap or after.gap:
        return NoData(host, start, NoDataKind.GAP, f"The window is not complete: {gap}.")
    return PairedWindow(host, start, before, after, "Both collectors handed this window over.")
