"""What is known of one window of one stream (design, section 6).

A window is a mergeable value: parts of it, made from single requests in any process and any order, add up to the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SeriesSet:
    """Series seen, by a 64-bit hash of their identity that is the same in every process and for ever.

    Attributes:
        hashes: uint64, ascending, each once.
        points: int64, points of each series.
        values: float64, the sum of the values of each.
        truncated: there were more than the cap; the set is the `cap` smallest hashes, and counts are lower bounds.
    """

    hashes: NDArray[np.uint64]
    points: NDArray[np.int64]
    values: NDArray[np.float64]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class MetricPart:
    """One metric in a window.

    Attributes:
        series: distinct series.
        points: points.
        otlp_bytes: uncompressed OTLP, each node's share counted with its points.
        json_bytes: one flat compact object a point.
        total: for additive metrics, the sum of positive increments (a birth counts its first value); else 0.
    """

    series: int = 0
    points: int = 0
    otlp_bytes: int = 0
    json_bytes: int = 0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class ProcessPart:
    """One executable in a window: how many processes (distinct resources) and series it had."""

    processes: int = 0
    series: int = 0


@dataclass(frozen=True, slots=True)
class WindowMeasure:
    """One window of one stream.

    Attributes:
        start: nanoseconds since the epoch, a multiple of the width.
        seconds: width.
        requests: bodies that held points of it, each counted once however often it was sent.
        scrapes: distinct rounds of collection seen.
        first_time, last_time: nanoseconds, of its points.
        points, otlp_bytes, json_bytes: of all metrics.
        series: the distinct series.
        metrics: by metric name.
        processes: by executable name.
        critical: texts of the critical patterns that matched a process in it, each with its distinct processes.
        corruption: how often each kind of damage was seen in the stream itself (kinds of decide's loss check).
        gap: why this window is not evidence (no data, meter restarted, truncated by a late stream ...); empty when it
            is. A gap is never zero.
    """

    start: int
    seconds: float
    requests: int
    scrapes: int
    first_time: int
    last_time: int
    points: int
    otlp_bytes: int
    json_bytes: int
    series: SeriesSet
    metrics: Mapping[str, MetricPart] = field(default_factory=dict)
    processes: Mapping[str, ProcessPart] = field(default_factory=dict)
    critical: Mapping[str, int] = field(default_factory=dict)
    corruption: Mapping[str, int] = field(default_factory=dict)
    gap: str = ""
