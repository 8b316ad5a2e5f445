"""Telemetry that is awkward to fold and convert: every type of metric, odd values, equal and nearly equal points."""

import math
import random
import struct
from collections.abc import Callable, Iterable
from typing import Any, Final

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, ScopeMetrics

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode

SECOND: Final = 10**9
FIRST: Final = 1_790_000_000 * SECOND
TEMPORALITIES: Final = (
    AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED,
    AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
)

Values = tuple[float, ...]
INTS: Final[tuple[int, ...]] = (0, 1, -1, 7, -8, 2**53 + 1, 2**63 - 1, -(2**63))
DOUBLES: Final[Values] = (
    *(0.0, -0.0, 1.0, 0.1, 0.2, -2.5, 1e-300, 1e308, -1e308, 1e19, -1e19, 9007199254740993.0),
    *(math.inf, -math.inf, math.nan, -math.nan, struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]),
)


def any_value(value: Any) -> AnyValue:
    """Return a value as OTLP writes it."""
    held = AnyValue()
    match value:
        case None:
            pass
        case bool():
            held.bool_value = value
        case int():
            held.int_value = value
        case float():
            held.double_value = value
        case str():
            held.string_value = value
        case bytes():
            held.bytes_value = value
        case list():
            held.array_value.values.extend(map(any_value, value))
            held.array_value.SetInParent()
        case _:
            held.kvlist_value.values.extend(attributes_of(value.items()))
            held.kvlist_value.SetInParent()
    return held


def attributes_of(pairs: Iterable[tuple[str, Any]]) -> list[KeyValue]:
    """Return attributes as OTLP writes them; a key may stand twice."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in pairs]


# Pairs of attributes that a collector takes for the same when it folds points, and some that it does not.
Attributes = tuple[tuple[tuple[str, Any], ...], ...]
ATTRIBUTES: Final[Attributes] = (
    (),
    (("state", "user"), ("cpu", "0")),
    (("cpu", "0"), ("state", "user")),
    (("state", "system"), ("cpu", 1)),
    (("state", "system"), ("cpu", 1.0)),
    (("state", "system"), ("cpu", "1")),
    (("state", b"abc"),),
    (("state", "YWJj"),),
    (("state", b""),),
    (("state", None),),
    (("state", "ü<&>\u2028"), ("", "")),
    (("state", 0.0),),
    (("state", -0.0),),
    (("state", 1e18),),
    (("state", 10**18),),
    (("state", 2.0**60),),
    (("state", 2**60),),
    (("state", 1e21),),
    (("state", 1e-7),),
    (("state", True),),
    (("state", "true"),),
    (("state", [1, {"b": 1, "a": [None]}]),),
    (("state", [1.0, {"a": [b""], "b": 1.0}]),),
    (("state", "user"), ("state", "system")),
    (("state", "system"), ("state", "user")),
    (("cpu", math.nan), ("state", "user")),
    (("cpu", [math.inf]), ("state", "user")),
)


# What JSON cannot say: such points of a metric are all folded into one.
UNWRITABLE: Final = tuple(pairs for pairs in ATTRIBUTES if "nan" in repr(pairs) or "inf" in repr(pairs))
LAYOUTS: Final[tuple[Values, ...]] = ((), (0.0, 1.0, 10.0), (-5.0, -1.0))

# Doubles of which no two are equal and not the same, so that it does not matter how they are sorted.
PLAIN: Final[Values] = tuple(value for value in DOUBLES if value != 0 and not math.isnan(value))


def capture_of_metrics(*fills: Callable[[Metric], object]) -> Capture:
    """Return one request with a metric for each of `fills`, which adds its points; names are m0, m1, ..."""
    request = ExportMetricsServiceRequest()
    scope = request.resource_metrics.add().scope_metrics.add()
    for number, fill in enumerate(fills):
        fill(scope.metrics.add(name=f"m{number}"))
    return decode([request.SerializeToString()])


class Awkward:
    """Makes requests at random from a seed; the same seed makes the same ones.

    Args:
        seed: of the numbers.
        doubles: what values are drawn from.
    """

    def __init__(self, seed: int, doubles: Values = DOUBLES) -> None:
        self.random = random.Random(seed)
        self.doubles = doubles

    def capture(self, requests: int = 2) -> Capture:
        """Return requests with every type of metric, several of one name, and nodes that hold nothing."""
        made = []
        for _ in range(requests):
            request = ExportMetricsServiceRequest()
            for name in ("a", "a", "b"):
                resource = request.resource_metrics.add()
                resource.resource.attributes.extend(attributes_of([("service.name", name)]))
                scope = resource.scope_metrics.add()
                scope.scope.name = "s"
                self.every_metric(scope)
                resource.scope_metrics.add().scope.name = "empty"
            made.append(request.SerializeToString())
        return decode(made)

    def every_metric(self, scope: ScopeMetrics) -> None:
        """Add metrics of all types and temporalities, with points and without."""
        for count in (0, 1, 2, 25):
            self.numbers(scope.metrics.add(name="gauge", unit="1", description="d"), "gauge", count)
            for temporality in TEMPORALITIES:
                metric = scope.metrics.add(name="sum", unit="s")
                metric.sum.is_monotonic = temporality == TEMPORALITIES[-1]
                metric.sum.aggregation_temporality = temporality
                self.numbers(metric, "sum", count)
                metric = scope.metrics.add(name="histogram", unit="s", description="h")
                metric.histogram.aggregation_temporality = temporality
                self.histograms(metric, count)
                metric = scope.metrics.add(name="exponential", unit="s")
                metric.exponential_histogram.aggregation_temporality = temporality
                self.exponentials(metric, count)
            metric = scope.metrics.add(name="summary", unit="s", description="q")
            self.summaries(metric, count)
        scope.metrics.add(name="untyped", unit="u")
        for metric in scope.metrics:
            metric.metadata.extend(attributes_of([("m", 1)]))

    def numbers(self, metric: Metric, kind: str, count: int) -> None:
        """Add number points that have ints, doubles, or neither."""
        getattr(metric, kind).SetInParent()
        style = self.random.choice(["ints", "doubles", "mixed"])
        for _ in range(count):
            point = getattr(metric, kind).data_points.add()
            self._common(point)
            chosen = style if style != "mixed" else self.random.choice(["ints", "doubles", "none"])
            if chosen == "ints":
                point.as_int = self.random.choice(INTS)
            elif chosen == "doubles":
                point.as_double = self.random.choice(self.doubles)
            self._exemplars(point)

    def histograms(self, metric: Metric, count: int) -> None:
        """Add histograms: of several layouts, or of one with attributes and bounds that cannot be written as JSON.

        Both at once would be folded into one, and crash a collector.
        """
        metric.histogram.SetInParent()
        layouts, attributes = self.random.choice(
            [
                (LAYOUTS, tuple(pairs for pairs in ATTRIBUTES if pairs not in UNWRITABLE)),
                (((0.0, 1.0),), ATTRIBUTES),
                (((1.0, math.inf),), ATTRIBUTES),
            ]
        )
        for _ in range(count):
            point = metric.histogram.data_points.add()
            self._common(point, attributes)
            bounds = self.random.choice(layouts)
            point.explicit_bounds.extend(bounds)
            point.bucket_counts.extend(self._count() for _ in range(len(bounds) + 1))
            self._total(point, list(point.bucket_counts))

    def exponentials(self, metric: Metric, count: int) -> None:
        """Add exponential histograms of a few scales and near offsets."""
        metric.exponential_histogram.SetInParent()
        for _ in range(count):
            point = metric.exponential_histogram.data_points.add()
            self._common(point)
            point.scale = self.random.choice([0, 1, 3, -1])
            point.zero_count = self._count()
            point.zero_threshold = self.random.choice([0.0, 0.25])
            counts = [point.zero_count]
            for half in self.random.choice([(point.positive, point.negative), (point.positive,), ()]):
                half.offset = self.random.randrange(-3, 4)
                half.bucket_counts.extend(self._count() for _ in range(self.random.choice([0, 1, 4])))
                counts += half.bucket_counts
            self._total(point, counts)

    def summaries(self, metric: Metric, count: int) -> None:
        """Add summaries with and without quantiles."""
        metric.summary.SetInParent()
        for _ in range(count):
            point = metric.summary.data_points.add()
            self._common(point)
            point.count, point.sum = self.random.choice([0, 5, 2**64 - 1]), self.random.choice(self.doubles)
            for quantile in self.random.choice([(), (0.0, 0.5), (0.5, 0.99, 1.0)]):
                point.quantile_values.add(quantile=quantile, value=self.random.choice(self.doubles))

    def _common(self, point: Any, attributes: Attributes = ATTRIBUTES) -> None:
        point.attributes.extend(attributes_of(self.random.choice(attributes)))
        point.time_unix_nano = FIRST + self.random.choice([0, 1, 10 * SECOND])
        point.start_time_unix_nano = self.random.choice([0, FIRST - SECOND, FIRST - 1])
        point.flags = self.random.choice([0, 0, 0, 1])

    def _total(self, point: Any, counts: list[int]) -> None:
        point.count = sum(counts)
        if self.random.random() < 0.7:
            point.sum = self.random.choice(self.doubles)
        if self.random.random() < 0.5:
            point.min = self.random.choice([-1.5, 0.0, 0.5, 2.0])
            point.max = self.random.choice([0.75, 3.0, 20.0])
        self._exemplars(point)

    def _exemplars(self, point: Any) -> None:
        if self.random.random() < 0.3:
            point.exemplars.add(
                time_unix_nano=FIRST,
                as_int=self.random.choice(INTS),
                span_id=bytes(range(8)),
                trace_id=bytes(range(16)),
            )
            point.exemplars.add(as_double=0.5, filtered_attributes=attributes_of([("user", "u")]))

    def _count(self) -> int:
        return self.random.choice([0, 0, 1, 2, 9])
