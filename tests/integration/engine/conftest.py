"""What many tests of the engine share: the evaluator under test, and the captures that cases run on."""

from random import Random
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.parity.telemetry import capture
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.record.shipped import shipped_capture
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode


@pytest.fixture(scope="session")
def columnar() -> ColumnarEvaluator:
    """One for all of a session: its pools and indexes are kept from case to case, as in a what-if."""
    return ColumnarEvaluator()


@pytest.fixture(scope="session")
def reference_capture(harness: HarnessReplay) -> Capture:
    """The capture that ships with the project, as a collector writes it."""
    return harness.evaluate(metrics_config("", "{}"), shipped_capture())


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


@pytest.fixture(scope="session")
def text_that_is_no_utf8(harness: HarnessReplay) -> Capture:
    """One request whose keys, values and names have bytes that are no UTF-8, which a command line may have."""
    request = ExportMetricsServiceRequest()
    node = request.resource_metrics.add()
    node.resource.attributes.add(key="a").value.string_value = "aXXb"
    metric = node.scope_metrics.add().metrics.add(name="memoryXX")
    for text in ("XX", "aXXb", "Xé"):
        point = metric.gauge.data_points.add(time_unix_nano=1_790_000_000_000_000_000, as_int=1)
        point.attributes.add(key="a").value.string_value = text
        point.attributes.add(key="XX").value.string_value = text
    body = request.SerializeToString().replace(b"XX", b"\xff\xfe")
    return harness.evaluate(metrics_config("", "{}"), decode([body]))
