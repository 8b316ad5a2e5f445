"""Running the steps of a pipeline, and what becomes of a request at which one of them answers an error.

A collector hands each request through the whole pipeline before it takes the next, so the first request that fails
counts, whichever step it fails at. What batch and interval send on their own account nobody waits for: where a later
step answers an error there, they log it, and what they sent is gone (batch_processor.go and intervalprocessor's
processor.go of 0.160.0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.errors import EvaluationFailedError
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.marks import settled
from phoenix.engine.pipeline.building import Step
from phoenix.engine.processors.interval import Interval

# A pass finds the first error; what it sends again costs as much once more.
_MOST_LOST: Final = 64
# Those that answer an error and leave nothing behind.
_WITHOUT_STATE: Final = frozenset({"filter", "transform"})


@dataclass(frozen=True, slots=True)
class _Stream:
    """The telemetry between two steps.

    Attributes:
        frame: what it is.
        origins: int64[B]: the request whose sender waits for each batch of the frame, -1 for nobody.
    """

    frame: Frame
    origins: NDArray[np.int64]

    def after(self, step: Step, frame: Frame) -> Self:
        """Return what the step hands on."""
        if step.config.type == "batch":
            return type(self)(frame, np.full(len(frame.arrivals), -1, dtype=np.int64))
        if step.config.type != "interval":
            return type(self)(frame, self.origins)
        # All that came in goes on, behind what the processor sent up to that moment.
        sent = _until(frame.arrivals, self.frame.arrivals) - _until(self.frame.arrivals, self.frame.arrivals)
        origins = np.full(len(frame.arrivals), -1, dtype=np.int64)
        origins[np.arange(len(sent)) + sent] = self.origins
        return type(self)(frame, origins)

    def without(self, batches: NDArray[np.bool_]) -> Self:
        """Return it without some batches."""
        return type(self)(self.frame.dropping(Level.RESOURCE, batches[self.frame.resources.parent]), self.origins)


def run_steps(steps: Sequence[Step], frame: Frame) -> Frame:
    """Return what comes out at the end.

    Raises:
        EvaluationFailedError: the first request of the frame that fails.
        UnsupportedComponentError: a step cannot do this telemetry in columns.
    """
    return _run(steps, _Stream(frame, np.arange(len(frame.arrivals), dtype=np.int64)))


def _run(steps: Sequence[Step], stream: _Stream) -> Frame:
    for index, step in enumerate(steps):
        try:
            stream = _past(step, stream)
        except NotColumnarError as error:
            raise step.config.unsupported(error.what) from error
        except _RequestFailedError as failed:
            # A later step may have failed at a request before.
            _run(steps[index:], stream.without(np.arange(len(stream.origins)) >= failed.batch))
            raise failed.error from failed
    return settled(stream.frame)


class _RequestFailedError(Exception):
    def __init__(self, error: EvaluationFailedError, batch: int) -> None:
        super().__init__(error.message)
        self.error, self.batch = error, batch


def _past(step: Step, stream: _Stream) -> _Stream:
    run, given = step.run, step.given(stream.frame)
    if isinstance(run, Interval):
        # It does all that it can, and then says what was wrong.
        run = run.unheard_at(stream.origins < 0)
    for _ in range(_MOST_LOST):
        try:
            return stream.after(step, run(given))
        except EvaluationFailedError as error:
            batch: Any = error.details["request"]
            if stream.origins[batch] >= 0:
                raise _RequestFailedError(_of_request(error, int(stream.origins[batch])), batch) from error
            if step.config.type not in _WITHOUT_STATE:
                raise NotColumnarError("an error at what a processor before sent on its own account") from error
            stream = stream.without(np.arange(len(stream.origins)) == batch)
            given = step.given(stream.frame)
    raise NotColumnarError(f"an error at each of {_MOST_LOST} batches that a processor before sent")


def _of_request(error: EvaluationFailedError, request: int) -> EvaluationFailedError:
    # A step counts the batches that come to it.
    details: dict[str, Any] = {**error.details, "request": request}
    message = error.message.replace(f"request {error.details['request']}", f"request {request}", 1)
    return EvaluationFailedError(message, **details)


def _until(arrivals: NDArray[np.int64], moments: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(arrivals, moments, side="right").astype(np.int64)
