"""The fast exact evaluator: the collector's own components in a long-lived child, on a virtual clock."""

import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import EvaluationFailedError, EvaluationLimitError
from phoenix.collector.replay.channel import Channel, ChannelEndedError, ChannelLimitError, Limits
from phoenix.collector.replay.own_clock import refuse_process_start
from phoenix.collector.replay.plan import ReplayPlan, plan_replay, refused_by_collector
from phoenix.collector.replay.timeline import DAY, EARLIEST, Timeline, days_until, shift_times
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode

_SOURCE: Final = {"phoenix_source": None}
_RECORDER: Final = {"phoenix_recorder": None}


class HarnessReplay:
    """An `Evaluator`. The child starts with the first evaluation, and again after one that failed.

    Evaluations from several threads wait for each other. The last capture is kept, in the child too, so that evaluating
    many configs on one capture sends it once. Close it, or use it in a `with`; the child also ends when this process
    does, however that happens.

    Args:
        program: the harness that `binary.build` made.
        environment: values for the `${env:NAME}` of processors; others read "placeholder".
        limits: what one evaluation may cost.
    """

    def __init__(
        self, program: Path, *, environment: Mapping[str, str] | None = None, limits: Limits | None = None
    ) -> None:
        self._program = program
        self._environment = dict(environment or {})
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._channel: Channel | None = None
        self._loaded: tuple[Capture, Timeline, int] | None = None

    @property
    def version(self) -> str:
        """The version of the collector whose modules the harness links.

        Raises:
            HarnessUnusableError: the program is not a harness.
        """
        with self._lock:
            return self._open().version

    def evaluate(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Capture:
        """Return what the exporters would have received; the contract is `Evaluator.evaluate`.

        Raises:
            EvaluationLimitError: it took too long or too much memory.
            HarnessUnusableError: the program is not a harness.
            CaptureTimesError: the capture is dated beyond what a clock can show.
        """
        plan = plan_replay(config, pipeline, self._environment)
        refuse_process_start(config, plan)
        with self._lock:
            try:
                timeline, shift = self._load(capture)
                message = {
                    "op": "evaluate",
                    "config": plan.text(_SOURCE, _RECORDER, {}),
                    "environment": dict(plan.environment),
                    "start": timeline.start,
                    "end": timeline.end,
                }
                answer, requests = self._open().ask(message)
            except ChannelLimitError as error:
                self._close()
                raise EvaluationLimitError(f"{config.source}: {error}") from error
            except ChannelEndedError as error:
                self._close()
                raise EvaluationFailedError(
                    f"{config.source}: a collector would have crashed: {_summary(error.last_words) or error.status}",
                    output=error.last_words,
                ) from error
            except BaseException:
                self._close()
                raise
            if answer.get("last"):
                self._close()
            if not answer["ok"]:
                raise _failure(config, plan, answer)
        result = decode(requests, received_at=answer.get("times", []), origin=capture.origin)
        return shift_times(result, -shift)

    def close(self) -> None:
        """End the child. The next evaluation would start another."""
        with self._lock:
            self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> Channel:
        if self._channel is None:
            self._channel = Channel(self._program, self._limits)
        return self._channel

    def _close(self) -> None:
        self._loaded = None
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _load(self, capture: Capture) -> tuple[Timeline, int]:
        if self._loaded is not None and self._loaded[0] is capture:
            return self._loaded[1:]
        timeline = Timeline.of(capture)
        shift = days_until(timeline.start, EARLIEST + DAY)
        timeline = timeline.shifted(shift)
        self._open().ask({"op": "load", "times": timeline.requests.tolist()}, encode(shift_times(capture, shift)))
        self._loaded = (capture, timeline, shift)
        return timeline, shift


def _failure(config: ConfigDocument, plan: ReplayPlan, answer: Mapping[str, Any]) -> Exception:
    kind, message, request = answer["kind"], answer["message"], answer["request"]
    if kind == "config":
        return refused_by_collector(config, message)
    if kind == "request":
        text = f"{config.source}: {plan.pipeline} answered an error for request {request}: {message}"
    elif kind == "crash":
        text = f"{config.source}: a collector would have crashed at request {request}: {_summary(message)}"
    else:
        text = f"{config.source}: {plan.pipeline} stood still at request {request}: {message}"
    return EvaluationFailedError(text, request=request, output=message)


def _summary(output: str) -> str:
    return next((line for line in output.splitlines() if "panic" in line or "fatal error" in line), "")
