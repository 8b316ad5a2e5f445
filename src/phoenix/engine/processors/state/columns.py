"""The columns of a frame's points as the kernels take them."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, PointTable
from phoenix.engine.kernels.stateful_kernel import Above, Numbers
from phoenix.engine.tree import fixed

Scalar = TypeVar("Scalar", bound=np.generic)


def above_points(frame: Frame) -> Above:
    """Return where the points of a frame stand, shared."""
    return Above(
        fixed(frame.points.metric),
        fixed(frame.metrics.parent),
        fixed(frame.scopes.parent),
        fixed(frame.resources.parent),
        fixed(frame.arrivals),
    )


def as_numbers(points: PointTable, *, written: bool = False) -> Numbers:
    """Return the columns, shared; those that a kernel writes to are the caller's own."""

    def given(column: NDArray[Scalar]) -> NDArray[Scalar]:
        return column if written else fixed(column)

    return Numbers(
        attributes=given(points.attributes),
        starts=given(points.start_time),
        times=given(points.time),
        flags=given(points.flags),
        kinds=given(points.kind),
        bits=given(points.bits),
        doubles=given(points.bits.view(np.float64)),
        rests=given(points.rest),
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
