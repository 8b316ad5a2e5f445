"""What a capture measures: series, points, bytes, and the totals of what may be added up.

Called on a pipeline's input and output; the difference is what the pipeline saves. Prices are put on it in `decide`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import encoded_sizes
from phoenix.telemetry.identity import SeriesIndex, distinct_resources, index_series
from phoenix.telemetry.measure.additive import Total, totals
from phoenix.telemetry.measure.flat_json import flat_json_bytes
from phoenix.telemetry.processes import PID
from phoenix.telemetry.values import distinct, read_metric, read_resource


@dataclass(frozen=True, slots=True)
class MetricCount:
    """How much of one metric there is."""

    series: int
    points: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a capture holds.

    Attributes:
        series: distinct identities (design, section 6).
        points: data points.
        bytes: OTLP protobuf, uncompressed, all requests.
        json_bytes: one flat compact JSON object a point: name, time, value, resource and point attributes.
        metrics: by metric name.
        first_time: of the earliest point, nanoseconds since 1970; points without a time aside; 0 when there is none.
        last_time: of the latest.
        scrapes: batches that hold points.
        processes: distinct resources that have a `process.pid` and points.
        totals: increase of each additive metric, by name (`totals.totals`).
    """

    series: int
    points: int
    bytes: int
    json_bytes: int
    metrics: Mapping[str, MetricCount]
    first_time: int
    last_time: int
    scrapes: int
    processes: int
    totals: Mapping[str, Total]


def measure(capture: Capture, index: SeriesIndex | None = None, *, since: int | None = None) -> Measurement:
    """Return what `capture` measures.

    Args:
        capture: any capture.
        index: its series, when known already.
        since: births count from here on, see `totals`; the capture's first point when None.
    """
    index = index or index_series(capture)
    first, last = time_range(capture)
    points = capture.points
    return Measurement(
        series=int(index.present.sum()),
        points=len(points),
        bytes=int(encoded_sizes(capture).sum()),
        json_bytes=int(flat_json_bytes(capture).sum()),
        metrics=count_by_metric(capture, index),
        first_time=first,
        last_time=last,
        scrapes=int(_with_points(capture, capture.metrics.batch, len(capture.batches)).sum()),
        processes=count_processes(capture),
        totals=totals(capture, index, since=since),
    )


def time_range(capture: Capture) -> tuple[int, int]:
    """Return the times of the earliest and the latest point that has one; (0, 0) when none has."""
    times = capture.points.time[capture.points.time != 0]
    return (int(times.min()), int(times.max())) if len(times) else (0, 0)


def count_by_metric(capture: Capture, index: SeriesIndex) -> dict[str, MetricCount]:
    """Return series and points of each metric name, in the order of the names."""
    names = [metric.name for metric in distinct(capture.metrics.values, read_metric)]
    known = sorted(set(names))
    name_of_value = np.searchsorted(known, names) if known else np.zeros(0, dtype=np.int64)
    points = np.bincount(name_of_value[capture.metrics.value[capture.points.metric]], minlength=len(known))
    series = np.bincount(name_of_value[index.metric[index.present]], minlength=len(known))
    return {name: MetricCount(int(series[i]), int(points[i])) for i, name in enumerate(known) if points[i]}


def count_processes(capture: Capture) -> int:
    """Return how many distinct resources with a `process.pid` have points."""
    is_process = np.array(
        [PID in resource.attributes for resource in distinct(capture.resources.values, read_resource)], dtype=np.bool_
    )
    of_metric = capture.resources.value[capture.scopes.parent[capture.metrics.parent]]
    values = np.flatnonzero(_with_points(capture, of_metric, len(capture.resources.values)))
    return len(np.unique(distinct_resources(capture)[values[is_process[values]]]))


def _with_points(capture: Capture, said: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    # Which of `count` numbers are said of a metric node that has points; marks cost a tenth of sorting the points.
    holds = np.zeros(len(capture.metrics), dtype=np.bool_)
    holds[capture.points.metric] = True
    marked = np.zeros(count, dtype=np.bool_)
    marked[said[holds]] = True
    return marked
