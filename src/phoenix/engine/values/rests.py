"""What stands in a point beside attributes, times, flags and a number's value, as objects that can be changed.

Statements' paths and the processors that look into histograms and summaries work on these; `rest_codec` reads and
writes them. Floats are what the point says, so two rests of a point that says NaN are never equal: compare what is
written.
"""

from dataclasses import dataclass

from phoenix.engine.values.nodes import NO_ATTRIBUTES
from phoenix.engine.values.value import Map


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One measurement that went into a point.

    Attributes:
        time: nanoseconds since 1970, uint64.
        value: int within int64 or float, None when it has none.
        trace_id: 16 bytes; empty when there is none.
        span_id: 8 bytes; empty when there is none.
        filtered_attributes: what the point's own attributes leave out.
    """

    time: int = 0
    value: int | float | None = None
    trace_id: bytes = b""
    span_id: bytes = b""
    filtered_attributes: Map = NO_ATTRIBUTES


@dataclass(frozen=True, slots=True)
class NumberRest:
    """NumberDataPoint."""

    exemplars: tuple[Exemplar, ...] = ()


@dataclass(frozen=True, slots=True)
class HistogramRest:
    """HistogramDataPoint. Counts are uint64; sum, min and max are None when they are not said."""

    count: int = 0
    sum: float | None = None
    bucket_counts: tuple[int, ...] = ()
    explicit_bounds: tuple[float, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class Buckets:
    """ExponentialHistogramDataPoint.Buckets; the offset is int32."""

    offset: int = 0
    bucket_counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ExponentialRest:
    """ExponentialHistogramDataPoint; the scale is int32, the others as in `HistogramRest`."""

    count: int = 0
    sum: float | None = None
    scale: int = 0
    zero_count: int = 0
    positive: Buckets = Buckets()
    negative: Buckets = Buckets()
    exemplars: tuple[Exemplar, ...] = ()
    min: float | None = None
    max: float | None = None
    zero_threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Quantile:
    """SummaryDataPoint.ValueAtQuantile."""

    quantile: float = 0.0
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class SummaryRest:
    """SummaryDataPoint; the count is uint64."""

    count: int = 0
    sum: float = 0.0
    quantile_values: tuple[Quantile, ...] = ()


PointRest = NumberRest | HistogramRest | ExponentialRest | SummaryRest
