"""What a pipeline did to series, worked out the slow and obvious way from OTLP messages.

It shares nothing with phoenix.telemetry and phoenix.decide on purpose: a mistake there must not hide the same mistake
here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality

_DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA

Requests = Sequence[ExportMetricsServiceRequest]
Resource = frozenset[tuple[str, str]]
Key = TypeVar("Key")
Who = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True)
class Seen:
    """One point with everything about it."""

    request: int
    resource: Resource
    metric: str
    counter: bool
    delta: bool
    attributes: frozenset[tuple[str, str]]
    start: int
    time: int
    value: float

    @property
    def series(self) -> tuple[Resource, str, bool, frozenset[tuple[str, str]]]:
        return self.resource, self.metric, self.delta, self.attributes


def points(requests: Requests) -> Iterator[Seen]:
    """Yield every number point, in order."""
    for number, request in enumerate(requests):
        for resource in request.resource_metrics:
            labels = frozenset((item.key, _text(item.value)) for item in resource.resource.attributes)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    kind = metric.WhichOneof("data")
                    assert kind in ("sum", "gauge"), kind
                    body = metric.sum if kind == "sum" else metric.gauge
                    delta = kind == "sum" and metric.sum.aggregation_temporality == _DELTA
                    counter = kind == "sum" and metric.sum.is_monotonic
                    for point in body.data_points:
                        value = point.as_double if point.WhichOneof("value") == "as_double" else point.as_int
                        attributes = frozenset((item.key, _text(item.value)) for item in point.attributes)
                        yield Seen(
                            number,
                            labels,
                            metric.name,
                            counter,
                            delta,
                            attributes,
                            point.start_time_unix_nano,
                            point.time_unix_nano,
                            value,
                        )


def series(requests: Requests) -> set[object]:
    """Return the identities of all series."""
    return {point.series for point in points(requests)}


def duplicates(requests: Requests) -> list[object]:
    """Return what has two points of one series at one time."""
    counts = Counter((point.series, point.time) for point in points(requests))
    return [identity for identity, count in counts.items() if count > 1]


def fallen(requests: Requests) -> list[Seen]:
    """Return the points at which a cumulative counter is less than before without a new start time."""
    last: dict[object, Seen] = {}
    found = []
    for point in points(requests):
        if point.counter and not point.delta:
            before = last.get(point.series)
            if before and point.value < before.value and point.start == before.start:
                found.append(point)
            last[point.series] = point
    return found


def increases(
    requests: Requests, who: Who, first: int, *, only: Callable[[Seen], bool] = lambda _: True
) -> dict[tuple[str, str], float]:
    """Return for each counter and state (or direction) how much it rose, over all resources that `who` chooses.

    `only` chooses points further. A delta counts as it is. A cumulative series counts its rises; its first value when
    it started at `first` or later, and a value after a new start whole.
    """
    last: dict[object, Seen] = {}
    total: dict[tuple[str, str], float] = defaultdict(float)
    for point in points(requests):
        if not point.counter or not who(dict(point.resource)) or not only(point):
            continue
        key = (point.metric, ",".join(value for _, value in sorted(point.attributes)))
        before = last.get(point.series)
        last[point.series] = point
        if point.delta:
            total[key] += point.value
        elif before is None:
            total[key] += point.value if point.start >= first else 0
        elif point.start != before.start:
            total[key] += point.value
        else:
            total[key] += max(0, point.value - before.value)
    return dict(total)


def levels(requests: Requests, who: Who) -> dict[tuple[int, str, str], float]:
    """Return for each request, metric and state the sum of what is not a counter over the resources `who` chooses."""
    total: dict[tuple[int, str, str], float] = defaultdict(float)
    for point in points(requests):
        if not point.counter and point.metric != "process.uptime" and who(dict(point.resource)):
            key = (point.request, point.metric, ",".join(value for _, value in sorted(point.attributes)))
            total[key] += point.value
    return dict(total)


def values(requests: Requests, who: Who, *, start: bool = True) -> Counter[object]:
    """Return every point of the resources that `who` chooses, with times and value, as a multiset."""
    return Counter(
        (point.request, point.series, point.start if start else 0, point.time, point.value)
        for point in points(requests)
        if who(dict(point.resource))
    )


def processes(requests: Requests, who: Who) -> Iterator[tuple[int, Resource, int]]:
    """Yield for each request the resources that `who` chooses, with their number of points."""
    counts = Counter((point.request, point.resource) for point in points(requests) if who(dict(point.resource)))
    for (request, resource), count in counts.items():
        yield request, resource, count


def close(left: Mapping[Key, float], right: Mapping[Key, float]) -> bool:
    """Return whether two tables agree to a billionth; what is missing is nought."""
    return all(
        abs(left.get(key, 0) - right.get(key, 0)) <= 1e-9 * max(1.0, abs(left.get(key, 0))) for key in {*left, *right}
    )


def first_time(requests: Requests) -> int:
    """Return the earliest time in the first request."""
    return min(point.time for point in points(requests[:1]))


def named(*names: str) -> Who:
    """Return a choice of processes, with a pid, by executable name."""
    return lambda resource: "process.pid" in resource and resource.get("process.executable.name") in names


def anyone(_resource: Mapping[str, str]) -> bool:
    """Choose every resource."""
    return True


def _text(value: object) -> str:
    kind = value.WhichOneof("value")  # type: ignore[attr-defined] # a protobuf message
    return str(getattr(value, kind)) if kind else ""
