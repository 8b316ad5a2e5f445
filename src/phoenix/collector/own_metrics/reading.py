"""From what a collector reports of itself to readings. Called by the meter for each body on the collectors' own path.

Names as the pinned version sends them over OTLP; tests/integration/metering keeps them true on the real collector.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar

from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.telemetry.buffers import value_at
from phoenix.telemetry.capture import Capture, PointKind
from phoenix.telemetry.values import AttributeValue, distinct, read_attributes, read_metric, read_resource

REVISION_KEY: Final = "phoenix.revision"
INSTANCE_KEY: Final = "service.instance.id"

_PREFIX: Final = "otelcol_"
# The field of the counts, and what it is of.
_RECEIVER: Final = {
    "receiver_accepted_metric_points": "accepted",
    "receiver_refused_metric_points": "refused",
    "receiver_failed_metric_points": "failed",
}
_EXPORTER: Final = {
    "exporter_sent_metric_points": "sent",
    "exporter_send_failed_metric_points": "send_failed",
    "exporter_enqueue_failed_metric_points": "enqueue_failed",
    "exporter_queue_size": "queue_size",
    "exporter_queue_capacity": "queue_capacity",
}
_PROCESSOR: Final = {
    "processor_incoming_items": "incoming",
    "processor_outgoing_items": "outgoing",
    "processor_internal_duration": "seconds",
}
_PROCESS: Final = {
    "process_uptime": "uptime_seconds",
    "process_cpu_seconds": "cpu_seconds",
    "process_memory_rss": "memory_bytes",
}
# The counter whose start time tells when the service started.
_BEGAN: Final = "process_uptime"
# Which of the three signals a point is of; points that don't say are of the one their name says.
_SIGNAL_KEYS: Final = ("otel.signal", "data_type")
_METRICS: Final = "metrics"

Counts = TypeVar("Counts", ReceiverCounts, ExporterCounts, ProcessorCounts)


class _Said(NamedTuple):
    # One point of one resource.
    resource: int
    name: str
    attributes: Mapping[str, AttributeValue]
    value: float
    time: int
    start: int


def read_own_metrics(capture: Capture) -> tuple[OwnReading, ...]:
    """Return a reading for each report in a capture, by time: a report is a resource of a batch.

    What is no metric of a collector is passed over; a resource that has none of them gives no reading. Counters of
    several points of one component (an exporter's errors by kind) are added up.
    """
    reports: dict[int, list[_Said]] = defaultdict(list)
    for said in _said(capture):
        reports[said.resource].append(said)
    resources = distinct(capture.resources.values, read_resource)
    readings = [_reading(resources[capture.resources.value[row]].attributes, report) for row, report in reports.items()]
    return tuple(sorted(readings, key=lambda reading: reading.time))


def _said(capture: Capture) -> Iterator[_Said]:
    points = capture.points
    names = [metric.name for metric in distinct(capture.metrics.values, read_metric)]
    attributes = distinct(points.attribute_values, read_attributes)
    resource = capture.scopes.parent[capture.metrics.parent]
    numbers = points.numbers()
    for row, metric in enumerate(points.metric.tolist()):
        name = names[capture.metrics.value[metric]]
        if not name.startswith(_PREFIX):
            continue
        value = float(numbers[row])
        if points.kind[row] == PointKind.HISTOGRAM:
            value = _histogram_sum(capture, int(points.rest[row]))
        if math.isfinite(value):
            yield _Said(
                int(resource[metric]),
                name.removeprefix(_PREFIX),
                attributes[points.attributes[row]],
                value,
                int(points.time[row]),
                int(points.start_time[row]),
            )


def _histogram_sum(capture: Capture, rest: int) -> float:
    if rest < 0:
        return 0.0
    return metrics_pb2.HistogramDataPoint.FromString(value_at(capture.points.rest_values, rest)).sum


def _reading(resource: Mapping[str, AttributeValue], report: list[_Said]) -> OwnReading:
    began = next((said.start for said in report if said.name == _BEGAN), 0)
    process = {_PROCESS[said.name]: said.value for said in report if said.name in _PROCESS}
    return OwnReading(
        time=max(said.time for said in report),
        revision=str(resource.get(REVISION_KEY, "")),
        instance=str(resource.get(INSTANCE_KEY, "")),
        uptime_seconds=process.get("uptime_seconds", 0.0),
        cpu_seconds=process.get("cpu_seconds", 0.0),
        memory_bytes=int(process.get("memory_bytes", 0)),
        receivers=_by_component(report, "receiver", _RECEIVER, ReceiverCounts),
        exporters=_by_component(report, "exporter", _EXPORTER, ExporterCounts),
        processors=_by_component(report, "processor", _PROCESSOR, ProcessorCounts),
        began=began,
    )


def _by_component(
    report: list[_Said], key: str, fields: Mapping[str, str], counts: Callable[..., Counts]
) -> dict[str, Counts]:
    sums: dict[str, dict[str, float]] = {}
    for said in report:
        component, field = said.attributes.get(key), fields.get(said.name)
        if field is None or not isinstance(component, str) or not _of_metrics(said.attributes):
            continue
        of = sums.setdefault(component, {})
        of[field] = of.get(field, 0) + said.value
    return {
        component: counts(**{field: value if field == "seconds" else int(value) for field, value in of.items()})
        for component, of in sorted(sums.items())
    }


def _of_metrics(attributes: Mapping[str, AttributeValue]) -> bool:
    return all(attributes.get(key, _METRICS) == _METRICS for key in _SIGNAL_KEYS)
