"""When points arrive and when a processor's ticker last ticked, by the replay's clock (`collector.replay.timeline`)."""

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.errors import NotColumnarError
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


def refuse_ties(frame: Frame, moments: Int64s, processor: str) -> None:
    """Refuse what arrives at the moment of a processor's own tick when it was sent by another one's.

    A request that comes in at that moment comes after the tick. Of two ticks at one moment either may come first.

    Args:
        frame: what the processor gets.
        moments: arrivals that fall on a tick of the processor.
        processor: its type.

    Raises:
        NotColumnarError: there is such an arrival.
    """
    moments = np.unique(moments)
    if not len(moments):
        return
    requests = Timeline.of(frame.source).requests
    here, then = (_counts(arrivals, moments) for arrivals in (np.sort(frame.arrivals), requests))
    if np.any((then == 0) | (here > then)):
        raise NotColumnarError(f"a processor before that sends at the moment at which {processor} ticks")


def _counts(arrivals: Int64s, moments: Int64s) -> Int64s:
    return np.searchsorted(arrivals, moments, side="right") - np.searchsorted(arrivals, moments, side="left")
