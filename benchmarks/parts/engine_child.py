"""One capture through the engine in a process of its own, so that its memory is its own: prints figures as JSON.

python -m benchmarks.parts.engine_child PIPELINE POINTS REQUESTS    generate, evaluate and measure twice
python -m benchmarks.parts.engine_child PIPELINE FOLDER             load, evaluate and measure once
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.parts.stretched import in_small_requests, process_capture
from numpy.typing import NDArray

from phoenix.collector.catalogue import registry
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame
from phoenix.engine.measuring import measure_frame
from phoenix.engine.opening import open_frame
from phoenix.engine.paths.marks import settled
from phoenix.engine.pipeline.building import build_pipeline
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.storage import load


def document(pipeline: str, capture: Capture) -> ConfigDocument:
    """Return a pipeline of the catalogue, rendered for a capture."""
    return ConfigDocument.parse(registry.render(pipeline, {}, capture=capture).text, f"{pipeline}.yaml")


class Stopwatch:
    """CPU-seconds by what they were spent on, in the order of the work."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Count what the body takes."""
        begun = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begun


def evaluated(config: ConfigDocument, opened: Frame, timeline: Timeline, watch: Stopwatch) -> None:
    """Evaluate and measure, each pass on the watch."""
    with watch.on("read config"):
        steps = build_pipeline(config, None, {}, timeline)
    frame = opened
    for step in steps:
        with watch.on(step.config.name):
            frame = step.run(step.given(frame))
    with watch.on("measure"):
        measure_frame(settled(frame))


def whole(pipeline: str, capture: Capture, rounds: int) -> dict[str, Any]:
    """Return the CPU-seconds of each part, first and later, and memory."""
    config, timeline_watch = document(pipeline, capture), Stopwatch()
    before = reset_peak()
    with timeline_watch.on("open"):
        timeline = Timeline.of(capture)
        opened = open_frame(capture, timeline)
    watches = []
    for _ in range(rounds):
        watch = Stopwatch()
        evaluated(config, opened, timeline, watch)
        watches.append(watch.seconds)
    peak = _status("VmHWM")
    return {"open": timeline_watch.seconds["open"], "rounds": watches, "grown": peak - before, "peak": peak}


def reset_peak() -> int:
    """Count the peak from here on, and return the bytes that are resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def generated(pipeline: str, points: int, requests: int) -> dict[str, Any]:
    """Return the figures of a generated capture; 0 requests means one a scrape."""
    capture = process_capture(points)
    if requests:
        capture = in_small_requests(capture, min(requests, len(capture.resources)))
    _warm(pipeline)
    return {"points": len(capture.points), "requests": len(capture.batches)} | whole(pipeline, capture, 2)


def first(pipeline: str, folder: Path) -> dict[str, Any]:
    """Return seconds and CPU-seconds from a stored capture to its first result; kernels are compiled but not loaded."""
    begun = _clocks()
    capture = load(folder)
    loaded = _clocks()
    figures = whole(pipeline, capture, 1)
    ended = _clocks()
    for name, (wall, cpu) in (("load", loaded - begun), ("answer", ended - loaded), ("together", ended - begun)):
        figures |= {name: float(wall), f"{name}_cpu": float(cpu)}
    return figures


def _clocks() -> NDArray[np.float64]:
    return np.array([time.perf_counter(), time.process_time()])


def _warm(pipeline: str) -> None:
    # Compiling, or finding what was compiled, is no part of what grows with the capture.
    whole(pipeline, process_capture(20_000), 2)


def main(arguments: list[str]) -> None:
    """Run one of the two."""
    match arguments:
        case pipeline, points, requests:
            print(json.dumps(generated(pipeline, int(points), int(requests))))
        case pipeline, folder:
            print(json.dumps(first(pipeline, Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])
