"""Small captures written down point by point, for cases that a reader can follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode

SECOND = 10**9
FIRST = 1_790_000_000 * SECOND
DELTA, CUMULATIVE = 1, 2


@dataclass(frozen=True)
class P:
    """One point and where it stands; neighbours that stand alike share their nodes.

    Attributes:
        at: seconds after FIRST; None for time 0.
        value: a number; the fields of a histogram or summary; None for no value.
        since: start time in seconds after FIRST; None for none.
        of: attributes.
        metric: fields of the metric: `type`, `temporality`, `monotonic`, `unit`, `description`.
        scope: name, and version behind a "/".
        more: `scope_attributes`, `scope_schema`, `schema`, `resource`.
    """

    at: float | None
    value: Any = None
    since: float | None = None
    of: Mapping[str, Any] = field(default_factory=dict)
    name: str = "m"
    host: str = "a"
    scope: str = "s"
    flags: int = 0
    metric: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    exemplar: float | None = None


def capture_of(*requests: Iterable[P]) -> Capture:
    """Return the capture of these requests."""
    return decode([_request(points).SerializeToString() for points in requests])


def pair(key: str, value: Any) -> KeyValue:
    """Return an attribute; None is the empty value."""
    kinds = {bool: "bool_value", int: "int_value", float: "double_value", str: "string_value", bytes: "bytes_value"}
    return KeyValue(key=key, value=AnyValue(**{kinds[type(value)]: value}) if value is not None else AnyValue())


def _request(points: Iterable[P]) -> ExportMetricsServiceRequest:
    request = ExportMetricsServiceRequest()
    for (host, more), of_resource in groupby(points, lambda point: (point.host, point.more)):
        resource = request.resource_metrics.add(schema_url=more.get("schema", ""))
        if host:
            resource.resource.attributes.append(pair("host.name", host))
        resource.resource.attributes.extend(pair(*item) for item in more.get("resource", {}).items())
        for name, of_scope in groupby(of_resource, lambda point: point.scope):
            scope = resource.scope_metrics.add(schema_url=more.get("scope_schema", ""))
            scope.scope.name, _, scope.scope.version = name.partition("/")
            scope.scope.attributes.extend(pair(*item) for item in more.get("scope_attributes", {}).items())
            for (metric, about), members in groupby(of_scope, lambda point: (point.name, point.metric)):
                _fill(scope.metrics.add(name=metric), about, members)
    return request


def _fill(metric: Metric, about: Mapping[str, Any], points: Iterable[P]) -> None:
    metric.unit, metric.description = about.get("unit", ""), about.get("description", "")
    metric.metadata.extend(pair(*item) for item in about.get("metadata", {}).items())
    kind = about.get("type", "sum")
    if kind == "none":
        return
    data = getattr(metric, kind)
    data.SetInParent()
    if kind not in ("gauge", "summary"):
        data.aggregation_temporality = about.get("temporality", CUMULATIVE)
    if kind == "sum":
        data.is_monotonic = about.get("monotonic", True)
    for point in points:
        if point.value != "no point":
            _point(data.data_points.add(), kind, point)


def _point(made: Any, kind: str, point: P) -> None:
    made.time_unix_nano = 0 if point.at is None else FIRST + round(point.at * SECOND)
    made.start_time_unix_nano = 0 if point.since is None else FIRST + round(point.since * SECOND)
    made.flags = point.flags
    made.attributes.extend(pair(*item) for item in point.of.items())
    if point.exemplar is not None:
        made.exemplars.add(as_double=point.exemplar, time_unix_nano=made.time_unix_nano)
    if kind == "exponential_histogram":
        # A collector always writes both halves.
        made.positive.SetInParent()
        made.negative.SetInParent()
    if isinstance(point.value, Mapping):
        _histogram(made, point.value)
    elif isinstance(point.value, int):
        made.as_int = point.value
    elif point.value is not None:
        made.as_double = point.value


def _histogram(made: Any, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name in ("positive", "negative"):
            half = getattr(made, name)
            half.offset = value[0]
            half.bucket_counts.extend(value[1:])
        elif name == "quantiles":
            for quantile, number in value:
                made.quantile_values.add(quantile=quantile, value=number)
        elif isinstance(value, list):
            getattr(made, name).extend(value)
        elif value is not None:
            setattr(made, name, value)
