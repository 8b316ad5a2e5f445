"""The attributes processor of 0.160: actions on the attributes of points, of all metrics or those that are chosen."""

import numpy as np

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.processors.attraction.actions import read_actions
from phoenix.engine.processors.attraction.matching import Matcher, read_choice
from phoenix.engine.processors.attraction.work import with_changed
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.values.nodes import MetricNode, MetricType


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; once per distinct attributes, then one gather over the points.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    settings = Settings.of(config, "include", "exclude", "actions")
    change = read_actions(settings, "actions")
    choice = read_choice(settings)

    def run(frame: Frame) -> Frame:
        chosen = None if choice is None else _chosen(frame, choice)
        return with_changed(frame, Level.POINT, change, chosen)

    return run


def _chosen(frame: Frame, choice: Matcher) -> Mask:
    # bool[N]: the point is of a metric that the processor acts on, looked at once per distinct metric.
    pool, value = frame.pools.metrics, frame.metrics.value
    used = np.zeros(len(pool), dtype=np.bool_)
    used[value if (alive := frame.alive(Level.METRIC)) is None else value[alive]] = True
    table = np.zeros(len(pool), dtype=np.bool_)
    for row in np.flatnonzero(used).tolist():
        metric: MetricNode = pool[row]
        table[row] = metric.type is not MetricType.NONE and choice(metric.name)
    return table[value][frame.points.metric]
