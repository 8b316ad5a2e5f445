"""A reshaping statement run as `statements` runs it, and the same statement as a collector's config."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.config.document import ConfigDocument
from phoenix.engine.columns import Coded, Space
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.reshaping.registry import RESHAPERS
from phoenix.engine.values.rest_codec import rewritten
from phoenix.telemetry.capture import Capture

_MOST_ROUNDS: Final = 10


@dataclass(frozen=True)
class Statement:
    """One call of a reshaping function.

    Attributes:
        text: the call in OTTL.
        arguments: the same arguments as the engine gets them; a function makes a column for the frame there is.
        metric: the name of the metrics it runs on; None for all.
    """

    text: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    metric: str | None = None

    @property
    def function(self) -> str:
        return self.text.partition("(")[0]

    @property
    def level(self) -> Level:
        return RESHAPERS[self.function].level


def config_of(statements: Sequence[Statement], error_mode: str = "propagate") -> ConfigDocument:
    """Return a config whose one processor runs statements of one context."""
    context = "datapoint" if statements[0].level is Level.POINT else "metric"
    lines = "".join(
        f"          - {statement.text}"
        + (f' where metric.name == "{statement.metric}"\n' if statement.metric else "\n")
        for statement in statements
    )
    return metrics_config(
        "transform",
        f"""
  transform:
    error_mode: {error_mode}
    metric_statements:
      - context: {context}
        statements:
{lines}""",
    )


@dataclass(frozen=True)
class Outcome:
    """What came of statements: what there is now, and the errors there were."""

    capture: Capture
    errors: tuple[str, ...]


def reshaped(capture: Capture, statements: Sequence[Statement]) -> Outcome:
    """Return what the engine makes of a capture; the list runs over metrics that it makes, until it makes none."""
    frame = open_frame(capture)
    errors: list[str] = []
    todo = np.ones(len(frame.metrics), dtype=np.bool_)
    rounds = 0
    while todo.any():
        rounds += 1
        if rounds > _MOST_ROUNDS:
            raise RecursionError("the statements make another metric of each one they make")
        frame, todo = _pass(frame, todo, statements, errors)
    points = frame.points
    sent = replace(points, rest=rewritten(frame.pools.rests, points.kind, points.rest))
    return Outcome(close_frame(frame.with_(points=sent)), tuple(errors))


def _pass(frame: Frame, todo: Mask, statements: Sequence[Statement], errors: list[str]) -> tuple[Frame, Mask]:
    made = np.zeros(len(todo), dtype=np.bool_)
    for statement in statements:
        rows = todo & _named(frame, statement.metric)
        if statement.level is Level.POINT:
            rows = rows[frame.points.metric]
        arguments = {name: made(frame) if callable(made) else made for name, made in statement.arguments.items()}
        done = RESHAPERS[statement.function](frame, rows, arguments)
        if done.failed is not None:
            errors += [done.why] * int(done.failed.sum())
        frame = done.frame
        if done.metrics is not None and done.new is not None:
            todo, made = (mask[done.metrics] & ~done.new for mask in (todo, made))
            made |= done.new
    return frame, made


def described(frame: Frame) -> Coded:
    """Return the column of `metric.description`."""
    return Coded(Space(Level.METRIC), frame.metrics.value, [metric.description for metric in frame.pools.metrics.all()])


def _named(frame: Frame, name: str | None) -> Mask:
    if name is None:
        return np.ones(len(frame.metrics), dtype=np.bool_)
    names = np.array([metric.name == name for metric in frame.pools.metrics.all()], dtype=np.bool_)
    return names[frame.metrics.value]
