"""The lineage of a frame in the words that the loss check knows: called after an evaluation."""

import numpy as np

from phoenix.engine.frame import Frame, Level
from phoenix.telemetry.lineage import Origins


def origins_of(frame: Frame) -> Origins:
    """Return which points of the frame's capture each point of `close_frame(frame)` came from, in that order."""
    alive = frame.alive(Level.POINT)
    rows = np.arange(len(frame.points)) if alive is None else np.flatnonzero(alive)
    lineage = frame.lineage
    if lineage is None:
        return Origins.one_each(rows)
    if lineage.one is not None:
        return Origins.one_each(lineage.one[rows])
    assert lineage.offsets is not None  # noqa: S101 one of the two is given
    assert lineage.rows is not None  # noqa: S101 one of the two is given
    return Origins(lineage.offsets, lineage.rows).taken(rows)
