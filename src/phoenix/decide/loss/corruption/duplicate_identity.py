"""Several values of one series at one time: what regrouping without adding leaves behind.

The process scraper reads the clock once a process, so processes that fall into one identity are a few milliseconds
apart rather than at one nanosecond. "At one time" therefore means: closer than half the shortest time between two
points of a series of that metric in the input, or of any metric where that one's series have one point each. An input
without two points of any series is taken to be scraped once a second. What the input had of this is not counted.
"""

import numpy as np
from numpy.typing import NDArray

from phoenix.core.units import NANOSECONDS
from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.words import clock_text, count_text, series_text
from phoenix.telemetry.processes import EXECUTABLE_NAME, PID

_NEVER = np.uint64(np.iinfo(np.int64).max)
_UNKNOWN = np.uint64(NANOSECONDS)


def duplicate_identity(pairing: Pairing) -> list[Corruption]:
    """Return one finding for each metric with duplicates; `count` is the points too many."""
    gaps = _shortest_gaps(pairing)
    close = _close(pairing.after, gaps[pairing.name_after])
    surplus = np.bincount(pairing.after.series[close], minlength=len(pairing.after))
    if not surplus.any():
        return []
    had = np.bincount(
        pairing.before.series[_close(pairing.before, gaps[pairing.name_before])], minlength=len(pairing.before)
    )
    known = ~pairing.made
    surplus[known] -= had[pairing.before_of[known]]
    surplus = np.maximum(surplus, 0)
    by_name = np.bincount(pairing.name_after, weights=surplus, minlength=len(pairing.names)).astype(np.int64)
    return [_finding(pairing, int(name), int(by_name[name]), surplus, close) for name in np.flatnonzero(by_name)]


def _shortest_gaps(pairing: Pairing) -> NDArray[np.uint64]:
    """Return uint64[names]: the shortest time between two points of one series of the input, in nanoseconds."""
    before = pairing.before
    gap = np.diff(before.time, prepend=before.time[:1])
    real = before.follows & (gap > 0)
    shortest = np.full(len(pairing.names), _NEVER)
    np.minimum.at(shortest, pairing.name_before[before.series[real]], gap[real])
    of_any = shortest.min(initial=_NEVER)
    return np.where(shortest == _NEVER, _UNKNOWN if of_any == _NEVER else of_any, shortest)


def _close(observed: Observed, gap_of_series: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return bool[N]: the sorted point stands closer than half a gap to the one before of its series."""
    distance = np.diff(observed.time, prepend=observed.time[:1])
    half = gap_of_series // np.uint64(2) + gap_of_series % np.uint64(2)
    answer: NDArray[np.bool_] = observed.follows & (distance < half[observed.series])
    return answer


def _finding(
    pairing: Pairing, name: int, count: int, surplus: NDArray[np.int64], close: NDArray[np.bool_]
) -> Corruption:
    after = pairing.after
    worst = int(np.argmax(np.where(pairing.name_after == name, surplus, -1)))
    begin, end = _longest_run(close, int(after.offsets[worst]), int(after.offsets[worst + 1]))
    times = sorted({clock_text(int(after.time[begin])), clock_text(int(after.time[end - 1]))})
    when = f"at {times[0]}" if len(times) == 1 else f"between {times[0]} and {times[1]}"
    values = "different values" if len(np.unique(after.bits[begin:end])) > 1 else "the same value"
    return Corruption(
        CorruptionKind.DUPLICATE_IDENTITY,
        pairing.names[name],
        count,
        f"{when} the series {series_text(after, worst)} appears {end - begin} times with {values}",
        _why(pairing, worst),
    )


def _longest_run(close: NDArray[np.bool_], begin: int, end: int) -> tuple[int, int]:
    """Return the bounds of the longest run of points in [begin, end) that each stand close to the one before."""
    apart = np.flatnonzero(~close[begin:end])
    bounds = np.append(apart, end - begin)
    longest = int(np.argmax(np.diff(bounds)))
    return begin + int(bounds[longest]), begin + int(bounds[longest + 1])


def _why(pairing: Pairing, series: int) -> str:
    processes = _processes_inside(pairing, series)
    if processes < 2:
        return (
            "One series is sent more than once for the same time. A backend keeps one of the values at random, or "
            "counts each."
        )
    name = pairing.after.resource_of(series).get(EXECUTABLE_NAME)
    named = f" named {name}" if name is not None else ""
    return (
        f"{count_text(processes, 'process', 'processes')}{named} were put under one identity without adding their "
        "values. A backend keeps one of them at random."
    )


def _processes_inside(pairing: Pairing, series: int) -> int:
    """Return how many processes of the input say everything that the series' resource still says."""
    before = pairing.before
    rows = np.unique(before.resource[pairing.name_before == pairing.name_after[series]])
    resources = [before.resources[int(row)] for row in rows]
    known = {key for resource in resources for key in resource}
    left = {key: value for key, value in pairing.after.resource_of(series).items() if key in known}
    inside = [resource for resource in resources if left.items() <= resource.items()]
    return len(
        {(resource[PID], resource.get("host.name"), resource.get("host.id")) for resource in inside if PID in resource}
    )
