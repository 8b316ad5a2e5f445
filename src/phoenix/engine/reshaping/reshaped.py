"""What a reshaping function gives back, and how `statements` goes on with it.

Every function works on all rows of one statement at once. Rows of metrics and points may move: new metrics stand at the
end of their scope, folded points are gone. `statements` carries its masks over with `metrics` and `points`, and then
runs the whole list of statements over the new metrics, as the collector's loop does, which looks at the length of the
scope's metrics again and again (internal/common/metrics.go of the transform processor, 0.160.0). A list that makes
another metric of each new one never ends there; `statements` refuses it by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.values.value import Value

Arguments = Mapping[str, Value | Coded]


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The frame after one statement.

    Attributes:
        frame: what there is now.
        failed: bool over the rows the statement ran on, in the frame before: there the collector's function answers an
            error. What it did up to then stays done, which matters under `error_mode: ignore`. None: nowhere.
        why: the error at the first such row.
        metrics: int64 over the metric rows of `frame`: the row it was in the frame before, -1 for new metrics. None
            when no row moved.
        points: the same for points; a point that others were folded into is the first of them.
    """

    frame: Frame
    failed: Mask | None = None
    why: str = ""
    metrics: NDArray[np.int64] | None = None
    points: NDArray[np.int64] | None = None

    @property
    def new(self) -> Mask | None:
        """Marks the metric rows of `frame` that this statement made; None for none."""
        return None if self.metrics is None else self.metrics < 0


Work = Callable[[Frame, Mask, Arguments], Reshaped]


@dataclass(frozen=True, slots=True)
class Reshaper:
    """One function.

    Attributes:
        level: METRIC for the metric context, POINT for the datapoint context: what `rows` are rows of.
        work: the function: (frame, where the statement acts, its arguments) to what comes out.
        columns: arguments that the collector asks for at run time, row by row: a value, or a `Coded` over the rows of
            `level`. All others are literals, which `ottl.signatures` has checked as a collector does when it starts.
    """

    level: Level
    work: Work
    columns: frozenset[str] = frozenset()

    def __call__(self, frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
        """Return the frame after the statement.

        Args:
            frame: the frame before.
            rows: bool over the rows of `level`, dropped ones left out or not.
            arguments: by the names of OTTL's signature; optional ones only when given.

        Raises:
            NotColumnarError: a choice of arguments, or this telemetry, cannot be done exactly.
        """
        alive = frame.alive(self.level)
        return self.work(frame, rows if alive is None else rows & alive, arguments)


def aggregation_temporality(arguments: Arguments) -> int:
    """Return the number of the temporality that `string_agg_temp` names."""
    return {"delta": 1, "cumulative": 2}[str(arguments["string_agg_temp"])]
