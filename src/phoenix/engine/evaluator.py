"""The second `Evaluator`: the collector's processors as passes over columns. Called by what-if and everything above."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from phoenix.collector.binary.sources import collector_version
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import EvaluationFailedError
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.frame import Frame, Level
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.pipeline.building import Step, build_pipeline
from phoenix.telemetry.capture import Capture

# Captures whose pools and indexes are kept: what a comparison of two recordings needs.
_CAPTURES_KEPT: Final = 2
# What leaves these does so later: the request it came in was answered well before.
_ANSWERS_EARLY: Final = frozenset({"batch", "interval"})


@dataclass(frozen=True, slots=True)
class _Opened:
    capture: Capture
    timeline: Timeline
    frame: Frame


class ColumnarEvaluator:
    """An `Evaluator` that needs no collector: exact for what it knows, and it refuses the rest by name and place.

    Evaluations from several threads wait for each other. Pools and indexes of the last captures are kept, since a
    what-if evaluates many configs on one.

    Args:
        environment: values for the `${env:NAME}` of processors; others read "placeholder".
    """

    def __init__(self, *, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._opened: OrderedDict[int, _Opened] = OrderedDict()

    @property
    def version(self) -> str:
        """The version of the collector whose behaviour this is: the one that Phoenix builds."""
        return collector_version()

    def evaluate(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Capture:
        """Return what the exporters would have received; the contract is `Evaluator.evaluate`.

        Raises:
            CaptureTimesError: the capture is dated beyond what a clock can show.
        """
        return close_frame(self.run(config, capture, pipeline=pipeline))

    def run(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Frame:
        """Return the same as a frame: still in columns, with its lineage, to be measured without being built.

        Raises:
            CaptureTimesError: as `evaluate`, and all that `Evaluator.evaluate` says.
        """
        with self._lock:
            opened = self._open(capture)
            steps = build_pipeline(config, pipeline, self._environment, opened.timeline)
            return _run(steps, opened.frame)

    def _open(self, capture: Capture) -> _Opened:
        held = self._opened.get(id(capture))
        if held is None:
            timeline = Timeline.of(capture)
            held = self._opened[id(capture)] = _Opened(capture, timeline, open_frame(capture, timeline))
            if len(self._opened) > _CAPTURES_KEPT:
                self._opened.popitem(last=False)
        self._opened.move_to_end(id(capture))
        return held


def _run(steps: Sequence[Step], frame: Frame) -> Frame:
    for index, step in enumerate(steps):
        try:
            frame = step.run(frame)
        except NotColumnarError as error:
            raise step.config.unsupported(error.what) from error
        except EvaluationFailedError as error:
            raise _first_failure(steps, index, frame, error) from error
    return frame


def _first_failure(steps: Sequence[Step], index: int, frame: Frame, error: EvaluationFailedError) -> Exception:
    # A collector hands each request through the whole pipeline, so a later processor may have failed before.
    if any(step.config.type in _ANSWERS_EARLY for step in steps[:index]):
        return steps[index].config.unsupported("an error behind a processor that answers before it hands on")
    request = error.details.get("request")
    if not isinstance(request, int) or any(step.config.type in _ANSWERS_EARLY for step in steps[index:]):
        return error
    before = frame.dropping(Level.RESOURCE, np.asarray(frame.resources.parent >= request))
    try:
        _run(steps[index:], before)
    except EvaluationFailedError as earlier:
        return earlier
    return error
