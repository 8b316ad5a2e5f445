"""What a pipeline costs a collector: CPU per million points, measured on the stock binary with one core.

The same points over OTLP/HTTP into the pipeline, `nop` behind it. The capture is replayed again and again, each time
later by the time it covers, so that processors with state keep working, until the collector used enough CPU for the
clock's 10 ms ticks not to matter.

Start-up is not counted: the counter is read when the collector is ready. What it uses while nothing comes in is
measured on the same process before the load and subtracted for the time the load took.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from phoenix.collector.binary.running import (
    LOOPBACK,
    CollectorEndedError,
    RequestRefusedError,
    RunningCollector,
    running_collector,
)
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import EvaluationFailedError, EvaluationLimitError
from phoenix.collector.replay.plan import ReplayPlan, plan_replay, refused_by_collector
from phoenix.collector.replay.timeline import Timeline, shift_times
from phoenix.core.errors import InvalidError
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import encode

IDLE_SECONDS: Final = 2.0

_SERVICE: Final = {"telemetry": {"metrics": {"level": "none"}}}


class NothingToMeasureError(InvalidError):
    """The capture has no points."""

    code = "CAPTURE_WITHOUT_POINTS"
    user_action = "Record or name a capture that has points."


@dataclass(frozen=True, slots=True)
class CpuCost:
    """CPU of one collector under one load.

    Attributes:
        cpu_seconds: user and system time while the load ran, all of it.
        idle_cpu_seconds: what it would have used in that time without load.
        points: how many points were fed in.
    """

    cpu_seconds: float
    idle_cpu_seconds: float
    points: int

    @property
    def seconds_per_million_points(self) -> float:
        """CPU-seconds for a million points in, receiving them included."""
        return max(0.0, self.cpu_seconds - self.idle_cpu_seconds) / self.points * 1e6


def measure_cpu(
    program: Path,
    config: ConfigDocument,
    capture: Capture,
    *,
    pipeline: str | None = None,
    min_cpu_seconds: float = 5.0,
    environment: Mapping[str, str] | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> CpuCost:
    """Return what the processors of one pipeline, and receiving the points, cost.

    Args:
        program: a collector with the otlp receiver and the nop exporter.
        config: a whole collector config.
        capture: what its receivers saw.
        pipeline: may be left out when the config has one metrics pipeline.
        min_cpu_seconds: replay until the collector used as much.
        environment: values for the `${env:NAME}` of processors; others read "placeholder".
        on_progress: called with the share done, 0 to 1, after each replay of the capture.

    Raises:
        ConfigRefusedError, PipelineNotFoundError, EvaluationFailedError, UnsupportedComponentError: as an evaluator.
        NothingToMeasureError: the capture has no points.
    """
    if len(capture.points) == 0:
        raise NothingToMeasureError("the capture has no points: there is nothing to measure")
    plan = plan_replay(config, pipeline, environment)
    try:
        with running_collector(
            program,
            lambda port, _: _compose(plan, port),
            environment={"GOMAXPROCS": "1", **plan.environment},
        ) as running:
            return _measure(running, capture, min_cpu_seconds, on_progress or (lambda _: None))
    except CollectorEndedError as error:
        raise refused_by_collector(config, error.reason) from error
    except RequestRefusedError as error:
        raise EvaluationFailedError(f"{config.source}: {plan.pipeline} answered an error: {error.reason}") from error
    except TimeoutError as error:
        raise EvaluationLimitError(f"{config.source}: {plan.pipeline} did not answer in time: {error}") from error


def _measure(
    running: RunningCollector, capture: Capture, min_cpu_seconds: float, on_progress: Callable[[float], None]
) -> CpuCost:
    process = psutil.Process(running.process.pid)
    before = _cpu(process)
    time.sleep(IDLE_SECONDS)
    started, start_cpu = time.monotonic(), _cpu(process)
    idle_rate = (start_cpu - before) / IDLE_SECONDS
    points = 0
    for requests in rounds(capture):
        for request in requests:
            running.send(request)
        points += len(capture.points)
        used = _cpu(process) - start_cpu
        on_progress(min(1.0, used / min_cpu_seconds))
        if used >= min_cpu_seconds:
            break
    return CpuCost(used, idle_rate * (time.monotonic() - started), points)


def rounds(capture: Capture) -> Iterator[list[bytes]]:
    """Yield the requests of `capture` for ever, each round later than the one before as if the scrapes went on."""
    timeline = Timeline.of(capture)
    covered = timeline.end - timeline.start
    # One more interval between the last scrape and the first of the next round.
    round_length = covered + max(covered // max(1, len(capture.batches) - 1), 1_000_000_000)
    index = 0
    while True:
        yield encode(shift_times(capture, index * round_length))
        index += 1


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _compose(plan: ReplayPlan, port: int) -> str:
    receiver = {"protocols": {"http": {"endpoint": f"{LOOPBACK}:{port}", "max_request_body_size": 2**31 - 1}}}
    return plan.text({"otlp": receiver}, {"nop": None}, _SERVICE)
