"""Captures for differential fuzzing: a small, odd world in which values meet again, series go on and counters reset."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode

SECOND: Final = 10**9
FIRST: Final = 1_790_000_000 * SECOND
KEYS: Final = ("a", "b", "state", "größe", "nested", "list", "")
TEXTS: Final = (
    "",
    "a",
    "app1",
    "app2",
    "größe",
    "日本",
    "user",
    "10",
    "1.5",
    "true",
    "0x1f",
    " a b ",
    '{"a":1}',
    "k=v x=y",
)
DOUBLES: Final = (0.0, -0.0, 1.0, 1.5, -2.25, 1e300, 5e-324, float("nan"), float("inf"), float("-inf"), 0.1, 3.0)
INTS: Final = (0, 1, -1, 2, 3, 7, 10, 2**53 + 1, 2**63 - 1, -(2**63))
METRICS: Final = ("cpu.time", "memory", "io", "latency", "exp", "quantiles", "nothing", "Größe", "folded.cpu.time")
UNITS: Final = ("", "s", "By", "1")


def any_value(random: Random, depth: int = 2) -> AnyValue:
    """Return a value of any type an attribute can have."""
    choice = random.random()
    if choice < 0.5:
        return AnyValue(string_value=random.choice(TEXTS))
    if choice < 0.65:
        return AnyValue(int_value=random.choice(INTS))
    if choice < 0.75:
        return AnyValue(double_value=random.choice(DOUBLES))
    if choice < 0.83:
        return AnyValue(bool_value=random.random() < 0.5)
    if choice < 0.87:
        return AnyValue(bytes_value=random.choice([b"", b"\x00\xff", b"ab"]))
    if choice < 0.9 or depth == 0:
        return AnyValue()
    if choice < 0.95:
        items = [any_value(random, depth - 1) for _ in range(random.randrange(3))]
        return AnyValue(array_value=ArrayValue(values=items))
    return AnyValue(kvlist_value=KeyValueList(values=attributes(random, depth - 1)))


def attributes(random: Random, depth: int = 2) -> list[KeyValue]:
    """Return up to three attributes with different keys."""
    keys = random.sample(KEYS, random.choice([0, 1, 1, 2, 2, 3]))
    return [KeyValue(key=key, value=any_value(random, depth)) for key in keys]


@dataclass
class _World:
    """What a capture's scrapes have in common, and where its counters stand."""

    random: Random
    resources: list[list[KeyValue]]
    points: list[list[KeyValue]]
    calm: bool
    counters: dict[tuple[int, str, int], tuple[float, int]] = field(default_factory=dict)

    def double(self) -> float:
        """Return a value of a gauge."""
        return self.random.choice(DOUBLES) if self.random.random() < 0.3 else self.random.randrange(-50, 500) / 4

    def integer(self) -> int:
        """Return an integer value of a gauge."""
        return self.random.choice(INTS) if self.random.random() < 0.1 else self.random.randrange(-5, 1000)


def capture(random: Random) -> Capture:
    """Return a capture of up to eight requests, or now and then of hundreds that are tiny."""
    world = _World(
        random,
        [attributes(random) for _ in range(random.randrange(1, 4))],
        [attributes(random, 1) for _ in range(random.randrange(1, 4))],
        random.random() < 0.5,
    )
    for index, resource in enumerate(world.resources):
        if random.random() < 0.7:
            name = AnyValue(string_value=random.choice(["app1", "app2"]))
            resource.append(KeyValue(key="process.executable.name", value=name))
            resource.append(KeyValue(key="process.pid", value=AnyValue(int_value=100 + index)))
    if random.random() < 0.03:
        return _drops(world)
    requests, moment = [], FIRST
    for _ in range(random.randrange(1, 9)):
        requests.append(_request(world, moment))
        moment += random.choice([0, 1, 10**6, SECOND, 10 * SECOND, 10 * SECOND, 10 * SECOND, 700 * SECOND])
    return decode([request.SerializeToString() for request in requests])


def _drops(world: _World) -> Capture:
    random, requests, moment = world.random, [], FIRST
    for _ in range(random.randrange(200, 320)):
        request = ExportMetricsServiceRequest()
        number = random.randrange(len(world.resources))
        node = request.resource_metrics.add()
        node.resource.attributes.extend(world.resources[number])
        _metric(world, node.scope_metrics.add().metrics.add(name=random.choice(METRICS[:4])), number, moment)
        requests.append(request.SerializeToString())
        moment += random.choice([0, 10**6, 100 * 10**6, SECOND, SECOND])
    return decode(requests)


def _request(world: _World, moment: int) -> ExportMetricsServiceRequest:
    random = world.random
    request = ExportMetricsServiceRequest()
    count = random.choice([0, 1, 2, 2, 3, 3, 4])
    chosen = (
        range(len(world.resources)) if world.calm else [random.randrange(len(world.resources)) for _ in range(count)]
    )
    for number in chosen:
        node = request.resource_metrics.add(schema_url=random.choice(["", "", "https://s/1"]))
        node.resource.attributes.extend(world.resources[number])
        for _ in range(random.choice([0, 1, 1, 1, 1, 2])):
            scope = node.scope_metrics.add(schema_url=random.choice(["", "", "", "https://s/2"]))
            scope.scope.name = random.choice(["", "process", "process"])
            scope.scope.version = random.choice(["", "1"])
            if random.random() < 0.2:
                scope.scope.attributes.extend(attributes(random, 1))
            names = METRICS if world.calm else [random.choice(METRICS) for _ in range(random.randrange(4))]
            for name in names:
                if random.random() < 0.8:
                    _metric(world, scope.metrics.add(name=name), number, moment)
    return request


def _metric(world: _World, metric: Any, resource: int, moment: int) -> None:
    random = world.random
    metric.unit = {"cpu.time": "s", "memory": "By"}.get(metric.name) or random.choice(UNITS)
    metric.description = random.choice(["", "", "what it is"])
    name = metric.name
    count = random.choice([0, 1, 1, 2, 2, 3])
    if name == "nothing":
        return
    if name == "latency":
        metric.histogram.aggregation_temporality = random.choice([1, 2, 2])
        points = metric.histogram.data_points
    elif name == "exp":
        metric.exponential_histogram.aggregation_temporality = random.choice([1, 2])
        points = metric.exponential_histogram.data_points
    elif name == "quantiles":
        metric.summary.SetInParent()
        points = metric.summary.data_points
    elif name in ("cpu.time", "io", "folded.cpu.time"):
        metric.sum.is_monotonic = random.random() < 0.9
        metric.sum.aggregation_temporality = (
            random.choice([2, 2, 2, 1, 0]) if not world.calm else (2 if name != "io" else 1)
        )
        points = metric.sum.data_points
    elif random.random() < 0.5:
        metric.sum.aggregation_temporality = 2
        points = metric.sum.data_points
    else:
        metric.gauge.SetInParent()
        points = metric.gauge.data_points
    for _ in range(count):
        _point(world, metric, points.add(), resource, moment)


def _point(world: _World, metric: Any, point: Any, resource: int, moment: int) -> None:
    random = world.random
    chosen = random.randrange(len(world.points))
    point.attributes.extend(world.points[chosen])
    time = moment + random.choice([0, 0, 0, 0, 1, 1000, -SECOND if not world.calm else 0])
    point.time_unix_nano = 0 if random.random() < 0.02 else time
    start = FIRST + random.choice([-60 * SECOND, -60 * SECOND, 0, 5 * SECOND])
    if random.random() < 0.8:
        point.start_time_unix_nano = start
    if random.random() < 0.04:
        point.flags = random.choice([1, 1, 2, 3])
    if metric.name == "latency":
        _histogram(random, point)
    elif metric.name == "exp":
        _exponential(random, point)
    elif metric.name == "quantiles":
        # Adding 0 makes 0 of -0, which the collector does not write where a field has no presence.
        point.count, point.sum = random.randrange(20), world.double() + 0.0
        for quantile in random.choice([(), (0.5,), (0.5, 0.99)]):
            point.quantile_values.add(quantile=quantile, value=world.double() + 0.0)
    else:
        _number(world, metric, point, (resource, metric.name, chosen))


def _number(world: _World, metric: Any, point: Any, series: tuple[int, str, int]) -> None:
    random = world.random
    counter = metric.WhichOneof("data") == "sum" and metric.sum.is_monotonic
    if random.random() < 0.02:
        return
    if counter and random.random() < 0.95:
        value, start = world.counters.get(series, (float(random.randrange(100)), point.start_time_unix_nano))
        reset = random.random() < 0.06
        value = 0.5 * random.randrange(5) if reset else value + random.choice([0, 1, 2, 0.25, 10])
        world.counters[series] = (value, start)
        if metric.name == "io" and value.is_integer():
            point.as_int = int(value)
        else:
            point.as_double = value
    elif random.random() < 0.5:
        point.as_int = world.integer()
    else:
        point.as_double = world.double()
    if random.random() < 0.03:
        point.exemplars.add(time_unix_nano=point.time_unix_nano, as_double=1.5)


def _histogram(random: Random, point: Any) -> None:
    bounds = random.choice([(), (1.0, 5.0), (1.0, 5.0), (0.5, 1.0, 2.0)])
    counts = [random.randrange(4) for _ in range(len(bounds) + 1)] if random.random() < 0.9 else []
    point.explicit_bounds.extend(bounds)
    point.bucket_counts.extend(counts)
    point.count = sum(counts) if random.random() < 0.9 else random.randrange(10)
    if random.random() < 0.8:
        point.sum = random.randrange(100) / 4
    if random.random() < 0.3:
        point.min, point.max = 0.25, 9.0


def _exponential(random: Random, point: Any) -> None:
    point.scale = random.choice([0, 1, -1, 4])
    point.zero_count = random.randrange(3)
    if random.random() < 0.3:
        point.zero_threshold = random.choice([0.001, 0.001, 0.1, 0.5, 2.3])
    for buckets in (point.positive, point.negative):
        if random.random() < 0.6:
            buckets.offset = random.randrange(-3, 4)
            buckets.bucket_counts.extend(random.randrange(4) for _ in range(random.randrange(1, 5)))
    point.count = sum(point.positive.bucket_counts) + sum(point.negative.bucket_counts) + point.zero_count
    if random.random() < 0.7:
        point.sum = random.randrange(100) / 4
