"""The metrics_transform processor of 0.160: metrics renamed, copied, combined, grouped, and their points changed.

Transforms run one after the other within each scope, and scopes do not see each other, so a transform runs over all
scopes of the capture at once. Aggregated points come out in the order first seen; the collector's order is random.
"""

from dataclasses import replace

import numpy as np

from phoenix.engine.frame import Frame, Level
from phoenix.engine.processors.metric_transforms.grouping import Aside, settled
from phoenix.engine.processors.metric_transforms.growing import combined, extracted_values, inserted
from phoenix.engine.processors.metric_transforms.matching import Matches, find
from phoenix.engine.processors.metric_transforms.operations import Work, transformed
from phoenix.engine.processors.metric_transforms.settings import Transform, read_transforms
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; names and labels are looked at once per distinct value, points a few times an operation.

    Raises:
        ConfigRefusedError: the collector would not start.
        UnsupportedComponentError: a pattern is one that only Go may know.
    """
    transforms = read_transforms(Settings.of(config, "transforms"))

    def run(frame: Frame) -> Frame:
        alive = frame.alive(Level.SCOPE)
        scopes = np.ones(len(frame.scopes), dtype=np.bool_) if alive is None else alive
        groups = [transform for transform in transforms if transform.action == "group"]
        aside = Aside(np.full(len(frame.metrics), -1, dtype=np.int32), groups, scopes)
        for transform in transforms:
            frame, aside = _run(frame, aside, transform)
        return settled(frame, aside)

    return run


def _run(frame: Frame, aside: Aside, transform: Transform) -> tuple[Frame, Aside]:
    alive = frame.alive(Level.METRIC)
    matches = find(frame, transform.filter, aside.taker < 0 if alive is None else alive & (aside.taker < 0))
    if not matches.any.any():
        return frame, aside
    if transform.action == "group":
        return _taken(frame, aside, matches, transform)
    if transform.action == "update":
        return transformed(frame, Work(matches.any, matches.any & matches.all), transform), aside
    grown = inserted(frame, matches) if transform.action == "insert" else combined(frame, matches, transform)
    if grown.before is None:
        return grown.frame, aside
    new = grown.before < 0
    return transformed(grown.frame, Work(new, new), transform), aside.carried(grown.before)


def _taken(frame: Frame, aside: Aside, matches: Matches, transform: Transform) -> tuple[Frame, Aside]:
    metrics = np.flatnonzero(matches.any)
    taker = aside.taker.copy()
    taker[metrics] = next(number for number, each in enumerate(aside.transforms) if each is transform)
    value = frame.metrics.value.copy()
    value[metrics] = extracted_values(frame, metrics, matches)
    frame = frame.with_value(Level.METRIC, value)
    if matches.points is not None:
        frame = frame.dropping(Level.POINT, matches.any[frame.points.metric] & ~matches.points)
    return frame, replace(aside, taker=taker)
