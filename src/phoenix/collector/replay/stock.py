"""The slow exact evaluator: the real binary, started for one evaluation, OTLP in and a file out.

It proves the harness, and is the only one for a collector of another version or with other components.
"""

import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from phoenix.collector.binary.running import (
    LOOPBACK,
    CollectorEndedError,
    RequestRefusedError,
    RunningCollector,
    running_collector,
)
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import EvaluationFailedError, EvaluationLimitError
from phoenix.collector.replay.own_clock import refuse_own_clock, refuse_process_start
from phoenix.collector.replay.plan import ReplayPlan, plan_replay, refused_by_collector
from phoenix.collector.replay.timeline import DAY, Timeline, add, days_until
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode

_SECOND: Final = 10**9
_SIZE: Final = struct.Struct(">I")
_SERVICE: Final = {"telemetry": {"metrics": {"level": "none"}}}


@dataclass(frozen=True, slots=True)
class _Shift:
    """How times move so that the capture begins after the collector started.

    Start times older than the first point stay older than the collector. Both moves are undone exactly: what lies
    between them is told apart by `boundary`, at least hours away from either side.
    """

    by: int
    starts_by: int
    boundary: int
    first: int

    @classmethod
    def by_whole_days(cls, timeline: Timeline, now: int) -> Self:
        """Two to three days into the future, so that times of day stay and truncating one stays after the start."""
        by = days_until(timeline.first, now + 2 * DAY)
        return cls(by, -days_until(now, timeline.first), now + DAY, timeline.first)

    @classmethod
    def to_now(cls, timeline: Timeline, now: int) -> Self:
        """By whole seconds to the present, with older start times ten seconds older than that."""
        by = (now - timeline.first) // _SECOND * _SECOND + _SECOND
        return cls(by, by - 10 * _SECOND, timeline.first + by - 5 * _SECOND, timeline.first)

    def apply(self, capture: Capture) -> Capture:
        starts = capture.points.start_time
        moves = np.where(starts < np.uint64(self.first), self.starts_by, self.by)
        return self._moved(capture, self.by, moves)

    def undo(self, capture: Capture) -> Capture:
        starts = capture.points.start_time
        moves = np.where(starts < np.uint64(self.boundary), -self.starts_by, -self.by)
        return self._moved(capture, -self.by, moves)

    @staticmethod
    def _moved(capture: Capture, by: int, starts_by: "np.typing.NDArray[np.int64]") -> Capture:
        points = capture.points
        moved = replace(points, time=add(points.time, by), start_time=add(points.start_time, starts_by))
        return replace(capture, batches=add(capture.batches, by), points=moved)


class StockReplay:
    """An `Evaluator` that starts a collector for each evaluation.

    The collector runs on the real clock while the capture is fed as fast as it goes, so processors that act by the
    clock are refused unless `real_time` feeds it at its own pace. The collector's OTLP receiver takes no request
    without points, as in real life. When the exporter was reached is not known: the times of the batches are 0.

    Args:
        program: a collector with the otlp receiver and the file exporter.
        version: what it says of itself; `binary.find` knows it.
        environment: values for the `${env:NAME}` of processors; others read "placeholder".
        real_time: feed the capture at its own pace. Times then move by whole seconds, not by whole days.
        answer_seconds: how long one request may take.
    """

    def __init__(
        self,
        program: Path,
        version: str,
        *,
        environment: Mapping[str, str] | None = None,
        real_time: bool = False,
        answer_seconds: float = 120.0,
    ) -> None:
        self._program = program
        self._version = version
        self._environment = dict(environment or {})
        self._real_time = real_time
        self._answer_seconds = answer_seconds

    @property
    def version(self) -> str:
        """The version of the collector."""
        return self._version

    def evaluate(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Capture:
        """Return what the exporters would have received; the contract is `Evaluator.evaluate`.

        Raises:
            EvaluationLimitError: a request took too long.
            ProgramUnusableError: the collector cannot be started.
            CaptureTimesError: the capture is dated beyond what a clock can show.
        """
        plan = plan_replay(config, pipeline, self._environment)
        refuse_process_start(config, plan)
        if not self._real_time:
            refuse_own_clock(config, plan, capture)
        timeline = Timeline.of(capture)
        try:
            with running_collector(
                self._program,
                lambda port, folder: _compose(plan, port, folder),
                environment=plan.environment,
                answer_seconds=self._answer_seconds,
            ) as running:
                shift = self._feed(running, capture, timeline)
                _stop(running, len(capture.batches) - 1)
                requests = list(_read_frames(running.folder / "out"))
        except CollectorEndedError as error:
            raise refused_by_collector(config, error.reason) from error
        except _RequestFailedError as error:
            raise error.explained(config, plan) from error
        except TimeoutError as error:
            raise EvaluationLimitError(f"{config.source}: {error}") from error
        result = decode(requests, origin=capture.origin)
        return shift.undo(result)

    def _feed(self, running: RunningCollector, capture: Capture, timeline: Timeline) -> _Shift:
        now = time.time_ns()
        shift = _Shift.to_now(timeline, now) if self._real_time else _Shift.by_whole_days(timeline, now)
        arrivals = timeline.shifted(shift.by).requests.tolist()
        for index, request in enumerate(encode(shift.apply(capture))):
            if self._real_time:
                time.sleep(max(0, arrivals[index] - time.time_ns()) / _SECOND)
            try:
                running.send(request)
            except (RequestRefusedError, CollectorEndedError, TimeoutError) as error:
                raise _RequestFailedError(index, error) from error
        return shift


def _stop(running: RunningCollector, last: int) -> None:
    try:
        running.stop()
    except CollectorEndedError as error:
        raise _RequestFailedError(last, error) from error


class _RequestFailedError(Exception):
    def __init__(self, index: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.index = index
        self.cause = cause

    def explained(self, config: ConfigDocument, plan: ReplayPlan) -> EvaluationFailedError | EvaluationLimitError:
        at = f"{config.source}: {plan.pipeline}, request {self.index}"
        if isinstance(self.cause, TimeoutError):
            return EvaluationLimitError(f"{at}: no answer in time")
        if isinstance(self.cause, CollectorEndedError):
            return EvaluationFailedError(f"{at}: the collector ended: {self.cause}", request=self.index)
        reason = getattr(self.cause, "reason", str(self.cause))
        return EvaluationFailedError(f"{at}: answered an error: {reason}", request=self.index, output=reason)


def _compose(plan: ReplayPlan, port: int, folder: Path) -> str:
    receiver = {"protocols": {"http": {"endpoint": f"{LOOPBACK}:{port}", "max_request_body_size": 2**31 - 1}}}
    exporter = {"path": str(folder / "out"), "format": "proto"}
    return plan.text({"otlp": receiver}, {"file": exporter}, _SERVICE)


def _read_frames(path: Path) -> Iterator[bytes]:
    # The file exporter writes each request after its length. There is no file when it never wrote.
    content = path.read_bytes() if path.exists() else b""
    at = 0
    while at < len(content):
        (size,) = _SIZE.unpack_from(content, at)
        yield content[at + _SIZE.size : at + _SIZE.size + size]
        at += _SIZE.size + size
