"""The capture that the golden cases run on: `odd_capture`."""

from random import Random
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.parity.telemetry import capture
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.replay.harness import HarnessReplay
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode


@pytest.fixture(scope="session")
def odd_capture(harness: HarnessReplay) -> Capture:
    """The odd requests as a collector writes them, which is what both evaluators then begin with."""
    return harness.evaluate(metrics_config("", "{}"), odd_requests())


def odd_requests() -> Capture:
    """Small requests of every type of metric and attribute; keys that stand twice, empty nodes, equal resources."""
    bodies = [body for number in range(25) for body in encode(capture(Random(number)))]
    requests = [ExportMetricsServiceRequest.FromString(body) for body in bodies]
    for request in requests[::3]:
        for node in request.resource_metrics:
            _twice(node.resource)
            for scope in node.scope_metrics:
                for metric in scope.metrics:
                    kind = metric.WhichOneof("data")
                    for point in getattr(metric, kind).data_points if kind else ():
                        _twice(point)
    for request in requests[::5]:
        for node in list(request.resource_metrics)[:1]:
            request.resource_metrics.add().CopyFrom(node)
            request.resource_metrics.add()
    return decode([request.SerializeToString() for request in requests])


def _twice(holder: Any) -> None:
    attributes = holder.attributes
    attributes.add(key="twice").value.string_value = "first"
    attributes.add(key="between").value.bool_value = True
    attributes.add(key="twice").value.int_value = 2
