"""When things happen in a replay: the one rule that both replays, and every later evaluator, follow.

Time is the points' own. When a request was received is known for some captures only, by another clock than the points',
and start-time rules compare with the points; so it is not used.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.errors import CaptureTimesError
from phoenix.telemetry.capture import Capture

DAY: Final = 86_400 * 10**9
# The virtual clock of the harness begins at 2000-01-01 and can only go forward.
EARLIEST: Final = 10_958 * DAY
# Nanoseconds since 1970 end in 2262 for Go; a century is left for shifts.
LATEST: Final = 69_500 * DAY


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments of a replay, in nanoseconds since 1970, by the capture's own clock.

    Attributes:
        first: the time of the capture's first point. Start times before it are older than the collector.
        start: when the collector starts, just before the first point.
        requests: int64[B], when each request arrives: at its latest point, never before the request before it.
        end: when the collector is stopped, just after the last point.
    """

    first: int
    start: int
    requests: NDArray[np.int64]
    end: int

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """Return the moments of `capture`; a request without points arrives with the one before it.

        Raises:
            CaptureTimesError: a point is dated so late that no collector's clock can reach it.
        """
        times = capture.points.time
        known = times[times > 0]
        first = int(known.min()) if len(known) else EARLIEST
        last = int(known.max()) if len(known) else EARLIEST
        if last > LATEST:
            raise CaptureTimesError(f"a point is dated {last} nanoseconds after 1970, which is beyond the year 2160")
        arrivals = np.full(len(capture.batches), first, dtype=np.int64)
        batch = capture.metrics.batch[capture.points.metric]
        np.maximum.at(arrivals, batch, times.astype(np.int64))
        return cls(first, first - 1, np.maximum.accumulate(arrivals), last + 1)

    def shifted(self, by: int) -> Self:
        """Return the same moments, `by` nanoseconds later."""
        return replace(
            self, first=self.first + by, start=self.start + by, requests=self.requests + by, end=self.end + by
        )


def days_until(moment: int, earliest: int) -> int:
    """Return the least shift of whole days, in nanoseconds, that brings `moment` to `earliest` or later."""
    return max(0, -(-(earliest - moment) // DAY)) * DAY


def shift_times(capture: Capture, by: int) -> Capture:
    """Return `capture` with every time that is set moved by `by` nanoseconds; exemplars keep theirs."""
    if by == 0:
        return capture
    points = capture.points
    moved = replace(points, time=add(points.time, by), start_time=add(points.start_time, by))
    return replace(capture, batches=add(capture.batches, by), points=moved)


def add(times: NDArray[np.uint64], by: int | NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the times moved by `by` nanoseconds, read-only; 0, which is "not set", stays."""
    moved = np.where(times == 0, times, times + np.asarray(by, dtype=np.int64).astype(np.uint64))
    moved.flags.writeable = False
    return moved
