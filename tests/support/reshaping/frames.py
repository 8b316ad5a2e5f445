"""Small frames: scopes of gauges with two integer points each, numbered from 0."""

from collections.abc import Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.engine.frame import Frame
from phoenix.engine.opening import open_frame
from phoenix.telemetry.codec import decode


def frame_of(scopes: Sequence[Sequence[str]]) -> Frame:
    """Return a frame of one resource with these metrics in each scope."""
    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add()
    number = 0
    for names in scopes:
        scope = resource.scope_metrics.add()
        for name in names:
            metric = scope.metrics.add(name=name)
            for _ in range(2):
                metric.gauge.data_points.add(as_int=number, time_unix_nano=1)
                number += 1
    return open_frame(decode([request.SerializeToString()]))


def names_of(frame: Frame) -> list[list[str]]:
    """Return the names of the metrics of each scope."""
    names: list[list[str]] = [[] for _ in range(len(frame.scopes))]
    for scope, value in zip(frame.metrics.parent.tolist(), frame.metrics.value.tolist(), strict=True):
        names[scope].append(frame.pools.metrics[value].name)
    return names
