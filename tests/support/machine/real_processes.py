"""A recording of real processes, moved in time so that a collector that starts now can replay it."""

from collections.abc import Iterable

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

SECOND = 1_000_000_000


def later(requests: Iterable[ExportMetricsServiceRequest], ready: int) -> list[ExportMetricsServiceRequest]:
    """Return a recording as if it began a second after `ready`; what began before the recording stays where it was."""
    copies = []
    for request in requests:
        copies.append(ExportMetricsServiceRequest())
        copies[-1].CopyFrom(request)
    points = [
        point
        for request in copies
        for resource in request.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in (metric.sum if metric.HasField("sum") else metric.gauge).data_points
    ]
    first = min(point.time_unix_nano for point in points)
    shift = ready + SECOND - first
    for point in points:
        if point.start_time_unix_nano >= first:
            point.start_time_unix_nano += shift
        point.time_unix_nano += shift
    return copies
