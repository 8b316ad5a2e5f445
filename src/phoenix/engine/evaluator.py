"""The second `Evaluator`: the collector's processors as passes over columns. Called by what-if and everything above."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from phoenix.collector.binary.sources import collector_version
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.pipeline.building import build_pipeline
from phoenix.engine.pipeline.running import run_steps
from phoenix.telemetry.capture import Capture

# Captures whose pools and indexes are kept: what a comparison of two recordings needs.
_CAPTURES_KEPT: Final = 2
# Pools only grow; with so many values more than the capture has points they are begun anew.
_ROWS_TO_SPARE: Final = 65_536


@dataclass(frozen=True, slots=True)
class _Opened:
    capture: Capture
    timeline: Timeline
    frame: Frame
    rows: int

    def rows_added(self) -> int:
        """Return how many values the evaluations so far have added to the pools."""
        return _rows(self.frame) - self.rows


def _rows(frame: Frame) -> int:
    pools = frame.pools
    nodes = len(pools.resources) + len(pools.scopes) + len(pools.metrics)
    return nodes + len(pools.attributes) + len(pools.rests)


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
            return run_steps(steps, opened.frame)

    def _open(self, capture: Capture) -> _Opened:
        held = self._opened.get(id(capture))
        if held is None or held.rows_added() > len(capture.points) + _ROWS_TO_SPARE:
            timeline = Timeline.of(capture)
            frame = open_frame(capture, timeline)
            held = self._opened[id(capture)] = _Opened(capture, timeline, frame, _rows(frame))
            if len(self._opened) > _CAPTURES_KEPT:
                self._opened.popitem(last=False)
        self._opened.move_to_end(id(capture))
        return held
