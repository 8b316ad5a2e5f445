"""What was dropped before a processor is not there for it: resources, metrics and points of many small requests."""

import numpy as np
import pytest
from tests.support.engine.passes import config_of
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame, Level
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.processors.registry import PROCESSORS
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.diff import diff

PROCESSORS_AFTER = {
    "attributes": "{actions: [{key: a, action: hash}]}",
    "resource": "{attributes: [{pattern: '.', action: delete}]}",
    "groupbyattrs": "{keys: [a, state]}",
    "groupbyattrs/gather": "{}",
    "metrics_transform": "{transforms: [{include: '.', match_type: regexp, experimental_match_labels: {a: ''},"
    " action: group, group_resource_labels: {g: x}}, {include: '.', match_type: regexp, action: insert, new_name: all,"
    " operations: [{action: aggregate_labels, aggregation_type: sum}]}]}",
    "batch": "{timeout: 1s, send_batch_size: 5, send_batch_max_size: 7}",
    "batch/whole": "{timeout: 10s}",
}
# As the filter processor says it; what becomes empty goes too.
FILTER = "{metric_conditions: ['metric.name == \"memory\"', 'datapoint.value_int > 500']}"


@pytest.mark.parametrize("name", PROCESSORS_AFTER)
def test_what_was_dropped_is_not_there(harness, odd_capture, name):
    document = metrics_config(f"filter, {name}", f"{{filter: {FILTER}, {name}: {PROCESSORS_AFTER[name]}}}")
    timeline = Timeline.of(odd_capture)
    frame = _filtered(open_frame(odd_capture, timeline))
    config = config_of(document, name, timeline)
    got = close_frame(PROCESSORS[config.type](config)(frame))
    assert diff(harness.evaluate(document, odd_capture), got).equal


def _filtered(frame: Frame) -> Frame:
    pool = frame.pools.metrics
    memory = np.array([pool[row].name == "memory" for row in range(len(pool))])[frame.metrics.value]
    large = (frame.points.kind == PointKind.INT) & (frame.points.bits > 500)
    frame = frame.dropping(Level.METRIC, memory).dropping(Level.POINT, large)
    for level in (Level.METRIC, Level.SCOPE, Level.RESOURCE):
        below = frame.alive(Level(level + 1))
        kept = np.bincount(frame.parent(Level(level + 1))[below], minlength=frame.size(level)) > 0
        frame = frame.dropping(level, ~kept)
    return frame
