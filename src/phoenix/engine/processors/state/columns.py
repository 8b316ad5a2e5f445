"""The columns of a frame's points as the kernels take them."""

from dataclasses import replace

import numpy as np

from phoenix.engine.frame import PointTable
from phoenix.engine.kernels.stateful_kernel import Numbers


def as_numbers(points: PointTable) -> Numbers:
    """Return the columns, shared."""
    return Numbers(
        attributes=points.attributes,
        starts=points.start_time,
        times=points.time,
        flags=points.flags,
        kinds=points.kind,
        bits=points.bits,
        doubles=points.bits.view(np.float64),
        rests=points.rest,
    )


def copied(points: PointTable) -> PointTable:
    """Return the points with columns of their own, but for metric and time, which nothing here changes."""
    return replace(
        points,
        attributes=points.attributes.copy(),
        start_time=points.start_time.copy(),
        flags=points.flags.copy(),
        kind=points.kind.copy(),
        bits=points.bits.copy(),
        rest=points.rest.copy(),
    )
