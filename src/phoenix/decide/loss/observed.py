"""One capture as the loss check looks at it: series in the order of their hash, points in the order of their series.

Every check works on these columns, so no result depends on the order in which points came. Built once a capture; a
baseline that many candidates are compared with is observed once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, PointKind
from phoenix.telemetry.identity import SeriesIndex, index_series
from phoenix.telemetry.values import Attributes, MetricValue, read_attributes, read_metric, read_resource

NO_RECORDED_VALUE = 1
_SIGN_CLEARED = np.int64(0x7FFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True)
class Observed:
    """A capture with its series sorted by hash and its points sorted by series, time, start time and value.

    Attributes:
        capture: as it was given.
        hashes: uint64[S], ascending: equal in two captures for the same identity.
        resource: int32[S], row of `capture.resources.values`.
        metric: int32[S], row of `capture.metrics.values`.
        attributes: int32[S], row of `capture.points.attribute_values`.
        row: int64[N], row of `capture.points` of each sorted point.
        series: int32[N], the series of each sorted point. Never falls.
        time: uint64[N], of each sorted point.
        start: uint64[N], start time of each sorted point.
    """

    capture: Capture
    hashes: NDArray[np.uint64]
    resource: NDArray[np.int32]
    metric: NDArray[np.int32]
    attributes: NDArray[np.int32]
    row: NDArray[np.int64]
    series: NDArray[np.int32]
    time: NDArray[np.uint64]
    start: NDArray[np.uint64]

    @classmethod
    def of(cls, capture: Capture, index: SeriesIndex | None = None) -> Self:
        """Return the view of `capture`, whose series may be known already. O(N log N) for N points."""
        index = index or index_series(capture)
        by_hash = np.argsort(index.hashes)
        rank = np.empty(len(by_hash), np.int32)
        rank[by_hash] = np.arange(len(by_hash), dtype=np.int32)
        series = rank[index.ids]
        row = _canonical_order(series, capture)
        return cls(
            capture=capture,
            hashes=index.hashes[by_hash],
            resource=index.resource[by_hash],
            metric=index.metric[by_hash],
            attributes=index.attributes[by_hash],
            row=row,
            series=series[row],
            time=capture.points.time[row],
            start=capture.points.start_time[row],
        )

    def __len__(self) -> int:
        return len(self.hashes)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """int64[S + 1]: the points of series s are the sorted points [offsets[s], offsets[s + 1])."""
        return np.searchsorted(self.series, np.arange(len(self) + 1, dtype=np.int32)).astype(np.int64)

    @property
    def points(self) -> NDArray[np.int64]:
        """int64[S]: how many points each series has."""
        return np.diff(self.offsets)

    @cached_property
    def scrapes(self) -> int:
        """How often the longest-lived series was seen: the scrapes of the capture. 0 when it is empty."""
        if not len(self.series):
            return 0
        fresh = ~self.follows | (np.diff(self.time, prepend=self.time[:1]) > 0)
        return int(np.bincount(self.series[fresh]).max())

    @cached_property
    def follows(self) -> NDArray[np.bool_]:
        """bool[N]: the sorted point before is of the same series."""
        return np.equal(np.diff(self.series, prepend=np.int32(-1)), 0)

    @cached_property
    def kind(self) -> NDArray[np.uint8]:
        """uint8[N]: the `PointKind` of each sorted point."""
        return self.capture.points.kind[self.row]

    @cached_property
    def bits(self) -> NDArray[np.int64]:
        """int64[N]: the value of each sorted point as stored."""
        return self.capture.points.bits[self.row]

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """float64[N]: the value of each sorted point, NaN where it is none."""
        return self.capture.points.numbers()[self.row]

    @cached_property
    def valued(self) -> NDArray[np.bool_]:
        """bool[N]: the sorted point carries a finite number and does not say that none was recorded."""
        recorded = np.equal(self.capture.points.flags[self.row] & NO_RECORDED_VALUE, 0)
        finite: NDArray[np.bool_] = np.isfinite(self.numbers)
        valued: NDArray[np.bool_] = finite & recorded
        return valued

    @cached_property
    def metrics(self) -> Mapping[int, MetricValue]:
        """What each metric value that a series uses says, by row of `capture.metrics.values`."""
        values = self.capture.metrics.values
        return {int(row): read_metric(values[int(row)].as_py()) for row in np.unique(self.metric)}

    @cached_property
    def resources(self) -> Mapping[int, Attributes]:
        """The attributes of each resource value that a series uses, by row of `capture.resources.values`."""
        values = self.capture.resources.values
        return {int(row): read_resource(values[int(row)].as_py()).attributes for row in np.unique(self.resource)}

    def metric_of(self, series: int) -> MetricValue:
        """Return name, unit, type, temporality and monotonicity of one series."""
        return self.metrics[int(self.metric[series])]

    def resource_of(self, series: int) -> Attributes:
        """Return the resource attributes of one series."""
        return self.resources[int(self.resource[series])]

    def attributes_of(self, series: int) -> Attributes:
        """Return the point attributes of one series."""
        return read_attributes(self.capture.points.attribute_values[int(self.attributes[series])].as_py())

    def of_metrics(self, says: Callable[[MetricValue], bool]) -> NDArray[np.bool_]:
        """Return bool[S]: what `says` answers for each series' metric. Asked once a distinct value."""
        table = np.zeros(len(self.capture.metrics.values), np.bool_)
        for row, metric in self.metrics.items():
            table[row] = says(metric)
        return table[self.metric]


def observe(capture: Capture | Observed) -> Observed:
    """Return the view of a capture, or the view itself."""
    return capture if isinstance(capture, Observed) else Observed.of(capture)


def _canonical_order(series: NDArray[np.int32], capture: Capture) -> NDArray[np.int64]:
    """Return the rows of the points sorted by series and time; ties by start time and value, so input order is lost."""
    points = capture.points
    order = np.lexsort((points.time, series))
    tied = (np.diff(series[order]) == 0) & (np.diff(points.time[order]) == 0)
    if not tied.any():
        return order
    # Sorting by four keys costs twice as much, and duplicates are rare.
    return np.lexsort((_ordered(points.bits, points.kind), points.start_time, points.time, series))


def _ordered(bits: NDArray[np.int64], kind: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return integers that sort as the values do: the bits of negative doubles sort the wrong way round."""
    backwards = (kind == PointKind.DOUBLE) & (bits < 0)
    return np.where(backwards, bits ^ _SIGN_CLEARED, bits)
