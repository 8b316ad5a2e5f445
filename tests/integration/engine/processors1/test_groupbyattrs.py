"""The groupbyattrs processor moves and merges what the collector's does, in the same order."""

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.engine.trees import trees
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.errors import ConfigRefusedError
from phoenix.telemetry.codec import decode

KEYS = (
    "~",
    "{}",
    "{keys: []}",
    "{keys: ''}",
    "{keys: [state]}",
    "{keys: [a, b, größe]}",
    "{keys: 'b,a'}",
    # A key that stands twice on a point or in the config, and one that a resource has too.
    "{keys: [twice]}",
    "{keys: [a, '', a]}",
    "{keys: [process.pid, nested, list]}",
    "{keys: [nowhere]}",
)


@pytest.mark.parametrize("settings", KEYS)
def test_points_move_as_in_the_collector(harness, columnar, odd_capture, settings):
    document = metrics_config("groupbyattrs", f"{{groupbyattrs: {settings}}}")
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


@pytest.mark.parametrize("settings", ["{keys: [a]}", "{}"])
def test_points_move_again_behind_another(harness, columnar, odd_capture, settings):
    document = metrics_config(
        "groupbyattrs/before, attributes, groupbyattrs",
        f"{{groupbyattrs/before: {{keys: [state]}}, groupbyattrs: {settings},"
        " attributes: {actions: [{key: b, from_attribute: state, action: upsert}]}}",
    )
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


def test_many_metrics_of_one_scope_meet(harness, columnar):
    capture = decode([_many(number).SerializeToString() for number in range(3)])
    document = metrics_config("groupbyattrs", "{groupbyattrs: {}}")
    assert trees(columnar.evaluate(document, capture)) == trees(harness.evaluate(document, capture))


def _many(number: int) -> ExportMetricsServiceRequest:
    request = ExportMetricsServiceRequest()
    for _ in range(2):
        node = request.resource_metrics.add()
        node.resource.SetInParent()
        scope = node.scope_metrics.add()
        scope.scope.SetInParent()
        for index in range(100):
            name = f"m{index * (number + 1) % 80}"
            point = scope.metrics.add(name=name).gauge.data_points.add(as_int=index)
            point.time_unix_nano = 1_790_000_000_000_000_000 + number
    return request


@pytest.mark.parametrize("settings", ["{key: [a]}", "{keys: {a: b}}", "{keys: [1]}", "{keys: 1}"])
def test_both_refuse_wrong_settings_of_groupbyattrs(harness, columnar, odd_capture, settings):
    document = metrics_config("groupbyattrs", f"{{groupbyattrs: {settings}}}")
    for evaluate in (harness.evaluate, columnar.evaluate):
        with pytest.raises(ConfigRefusedError):
            evaluate(document, odd_capture)
