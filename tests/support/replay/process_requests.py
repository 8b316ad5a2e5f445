"""Requests as the process scraper makes them, in small, and captures flattened to compare them whatever their order."""

from collections.abc import Iterator, Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, ResourceMetrics

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode

SECOND = 10**9
FIRST = 1_790_000_000 * SECOND
CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE


def scrapes(moments: Sequence[float], *, processes: int = 12, first: int = FIRST) -> Capture:
    """Return a capture with a request at each of `moments` (seconds after `first`).

    Process i is older than the capture when i is even; else it is born 1 ms before its first scrape, which is number
    i // 4. Every third one ends before the last scrape. Counters rise by i and a little each second.
    """
    requests = []
    for number, moment in enumerate(moments):
        request = ExportMetricsServiceRequest()
        for i in range(processes):
            seen_from = 0 if i % 2 == 0 else min(i // 4, len(moments) - 1)
            if number < seen_from or (i % 3 == 2 and number == len(moments) - 1):
                continue
            time = first + round(moment * SECOND) + i * 1000
            start = first - (i + 1) * 60 * SECOND
            if i % 2:
                start = first + round(moments[seen_from] * SECOND) + i * 1000 - (0 if seen_from == 0 else 10**6)
            _fill(request.resource_metrics.add(), i, time, start, moment)
        requests.append(request.SerializeToString())
    return decode(requests)


def _fill(process: ResourceMetrics, i: int, time: int, start: int, moment: float) -> None:
    process.schema_url = "https://opentelemetry.io/schemas/1.9.0"
    process.resource.attributes.extend(
        [_text("host.name", "h"), _text("process.executable.name", f"app{i % 4}"), _number("process.pid", 100 + i)]
    )
    scope = process.scope_metrics.add()
    scope.scope.name, scope.scope.version = "process", "1"
    cpu = scope.metrics.add(name="process.cpu.time", unit="s", description="CPU seconds")
    cpu.sum.is_monotonic, cpu.sum.aggregation_temporality = True, CUMULATIVE
    for state, factor in (("user", 1.0), ("system", 0.5)):
        point = cpu.sum.data_points.add(start_time_unix_nano=start, time_unix_nano=time)
        point.attributes.append(_text("state", state))
        point.as_double = factor * (i + 1) * (moment + 1)
    memory = scope.metrics.add(name="process.memory.usage", unit="By")
    memory.sum.aggregation_temporality = CUMULATIVE
    point = memory.sum.data_points.add(start_time_unix_nano=start, time_unix_nano=time)
    point.as_int = 1_000_000 * (i + 1) + round(moment)
    busy = scope.metrics.add(name="process.cpu.utilization", unit="1")
    busy.gauge.data_points.add(time_unix_nano=time, as_double=i / 20)


def _text(key: str, value: str) -> KeyValue:
    attribute = KeyValue(key=key)
    attribute.value.string_value = value
    return attribute


def _number(key: str, value: int) -> KeyValue:
    attribute = KeyValue(key=key)
    attribute.value.int_value = value
    return attribute


def flattened(capture: Capture) -> list[str]:
    """Return every point with its whole identity, one text each, sorted; and every node without points."""
    found = []
    for body in encode(capture):
        for node in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            resource = (_attributes(node.resource.attributes), node.schema_url)
            found += [repr((*resource, *rest)) for rest in _scopes(node)]
    return sorted(found)


def _scopes(node: ResourceMetrics) -> Iterator[tuple[object, ...]]:
    if not node.scope_metrics:
        yield ("no scope",)
    for scope in node.scope_metrics:
        named = (scope.scope.name, scope.scope.version, scope.schema_url)
        if not scope.metrics:
            yield (*named, "no metric")
        for metric in scope.metrics:
            yield from ((*named, *point) for point in _points(metric))


def _points(metric: Metric) -> Iterator[tuple[object, ...]]:
    kind = metric.WhichOneof("data") or ""
    data = getattr(metric, kind)
    about = (
        *(metric.name, metric.unit, metric.description, kind),
        *(getattr(data, "aggregation_temporality", None), getattr(data, "is_monotonic", None)),
    )
    if not data.data_points:
        yield (*about, "no point")
    for point in data.data_points:
        attributes = _attributes(point.attributes)
        del point.attributes[:]
        yield (*about, attributes, point.SerializeToString(deterministic=True).hex())


def _attributes(attributes: Sequence[KeyValue]) -> tuple[str, ...]:
    return tuple(sorted(attribute.SerializeToString(deterministic=True).hex() for attribute in attributes))
