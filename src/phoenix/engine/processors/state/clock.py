"""When points arrive and when a processor's ticker last ticked, by the replay's clock (`collector.replay.timeline`)."""

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level

Int64s = NDArray[np.int64]


def arrivals_of(frame: Frame, level: Level) -> Int64s:
    """Return int64[n]: when each row of a level arrives."""
    return frame.spread(frame.arrivals[frame.resources.parent], Level.RESOURCE, level)


def last_ticks(moments: Int64s, start: int, period: int) -> Int64s:
    """Return the last tick not after each moment, of a ticker made at `start`; `start` itself, which is none, before.

    At equal moments the ticker comes first.
    """
    return start + (moments - start) // period * period
