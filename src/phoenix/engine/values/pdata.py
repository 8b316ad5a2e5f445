"""Parts of points that OTTL only hands on: exemplars, quantiles, a half of an exponential histogram, all points.

A statement can copy them to a field of the same type, ask whether they are there, and count them; most functions do not
know them. Go compares them by where they stand: one equals only itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class PdataKind(StrEnum):
    """Which part; the value is the Go type."""

    EXEMPLARS = "pmetric.ExemplarSlice"
    QUANTILES = "pmetric.SummaryDataPointValueAtQuantileSlice"
    BUCKETS = "pmetric.ExponentialHistogramDataPointBuckets"
    NUMBERS = "pmetric.NumberDataPointSlice"
    HISTOGRAMS = "pmetric.HistogramDataPointSlice"
    EXPONENTIALS = "pmetric.ExponentialHistogramDataPointSlice"
    SUMMARIES = "pmetric.SummaryDataPointSlice"


@dataclass(frozen=True, slots=True)
class Pdata:
    """A part of a point.

    Attributes:
        kind: which.
        place: the field it stands in.
        size: how many items it has; None for buckets, which are no list.
        written: what it says, as bytes of `rest_codec`; nothing for the points of a metric, which only ever go back to
            where they are.
    """

    kind: PdataKind
    place: str
    size: int | None = None
    written: bytes = b""
