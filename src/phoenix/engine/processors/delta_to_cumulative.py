"""The processor delta_to_cumulative of collector 0.160.0: every delta becomes the sum of its stream so far.

Sums, histograms and exponential histograms of delta temporality are converted, monotonic or not; all else passes. A
stream begins with its first point, and again after it was forgotten; points that are older than it, or not newer than
its last, are dropped. Reference: processor/deltatocumulativeprocessor.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, Mask, PointTable
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.processors.state.clock import arrivals_of, refuse_ties
from phoenix.engine.processors.state.histogram_totals import exponential_total, histogram_total
from phoenix.engine.processors.state.pruning import points_below, without_metrics
from phoenix.engine.processors.state.tables import per_value
from phoenix.engine.series import STREAM, Numbered, series_numbers
from phoenix.engine.values.nodes import MetricNode, MetricType
from phoenix.engine.values.rest_codec import add_rest, rest_at
from phoenix.engine.values.rests import ExponentialRest, HistogramRest
from phoenix.telemetry.capture import PointKind

DELTA: Final = 1
CUMULATIVE: Final = 2
_SECOND: Final = 10**9
_MINUTE: Final = 60 * _SECOND
_MOST: Final = 2**63 - 1
_CONVERTED: Final = (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)

Int64s = NDArray[np.int64]
Fates = NDArray[np.uint8]


def build(config: ProcessorConfig) -> "DeltaToCumulative":
    """Return the pass for these settings (config.go)."""
    settings = Settings.of(config, "max_stale", "max_streams")
    stale, streams = settings.duration("max_stale", 5 * _MINUTE), settings.integer("max_streams", _MOST)
    if stale <= 0:
        settings.refuse(f"max_stale must be a positive duration (got {stale} ns)", "max_stale")
    if streams < 0:
        settings.refuse(f"max_streams must be a positive number (got {streams})", "max_streams")
    return DeltaToCumulative(stale, streams, config.start)


@dataclass(frozen=True, slots=True)
class DeltaToCumulative:
    """The pass.

    Attributes:
        max_stale: nanoseconds after which a stream that got no point is forgotten, at the next full minute.
        max_streams: how many streams are kept; points of others are dropped.
        start: when the component starts, nanoseconds since 1970.
    """

    max_stale: int
    max_streams: int
    start: int

    def __call__(self, frame: Frame) -> Frame:
        """Return the frame with sums so far; points that were not added, and metrics without points, are gone."""
        converted = per_value(frame.pools.metrics, frame.metrics.value, _is_converted) != 0
        asked = converted[frame.points.metric]
        alive = frame.alive(Level.POINT)
        if alive is not None:
            asked &= alive
        gone = np.zeros(len(frame.points), dtype=np.bool_)
        if asked.any():
            points, gone = self._added(frame, asked)
            frame = frame.with_(points=points)
        frame = _as_cumulative(frame.dropping(Level.POINT, gone), converted)
        return without_metrics(frame, converted & ~points_below(frame, asked & ~gone))

    def _added(self, frame: Frame, asked: Mask) -> tuple[PointTable, Mask]:
        from phoenix.engine.kernels.stateful_kernel import (  # noqa: PLC0415 numba is slow to import
            NO_ROOM,
            Keeping,
            running_totals,
            stream_fates,
        )
        from phoenix.engine.processors.state.columns import as_numbers, copied  # noqa: PLC0415 numba is slow to import

        series = series_numbers(frame, STREAM, of=asked)
        arrivals = arrivals_of(frame, Level.METRIC)[frame.points.metric]
        swept = asked & (arrivals > self.start) & ((arrivals - self.start) % _MINUTE == 0)
        refuse_ties(frame, arrivals[swept], "delta_to_cumulative")
        keeping = Keeping(self.max_streams, self.start, _MINUTE, self.max_stale)
        fates = stream_fates(series.number, arrivals, len(series), keeping)
        is_histogram = asked & (frame.points.kind >= PointKind.HISTOGRAM)
        points = _histograms(frame, series, np.flatnonzero(is_histogram), fates) if is_histogram.any() else frame.points
        number = np.where(is_histogram, np.int32(-1), series.number)
        points, before = copied(points), points
        running_totals(number, fates, len(series), as_numbers(before), as_numbers(points, written=True))
        return points, fates == NO_ROOM


def _histograms(frame: Frame, series: Numbered, rows: Int64s, fates: Fates) -> PointTable:
    # One point at a time, since what a point holds decides how it is added. Fates become NO_ROOM where one is dropped.
    from phoenix.engine.kernels.stateful_kernel import BEGINS, NO_ROOM  # noqa: PLC0415 numba is slow to import

    points, rests = frame.points, frame.pools.rests
    rest, origins = points.rest.copy(), np.arange(len(points))
    # Of each stream the row that its state began with, the row that it stands at, and what it says.
    states: dict[int, tuple[int, int, HistogramRest | ExponentialRest]] = {}
    for row in rows.tolist():
        if fates[row] == NO_ROOM:
            continue
        stream = int(series.number[row])
        point = rest_at(rests, points.kind[row], points.rest[row])
        assert isinstance(point, HistogramRest | ExponentialRest)  # noqa: S101 a converted metric holds these
        origin, last, state = states.get(stream, (row, row, point)) if fates[row] != BEGINS else (row, row, point)
        if last == row or points.time[last] == 0:
            states[stream] = (row, row, point)
            continue
        if points.start_time[row] < points.start_time[origin] or points.time[row] <= points.time[last]:
            fates[row] = NO_ROOM
            continue
        total = _total(state, point)
        if total is None:
            states[stream] = (row, row, point)
            continue
        states[stream] = (origin, row, total)
        origins[row], rest[row] = origin, add_rest(rests, total)
    return replace(
        points,
        attributes=points.attributes[origins],
        start_time=points.start_time[origins],
        flags=points.flags[origins],
        rest=rest,
    )


def _total(
    state: HistogramRest | ExponentialRest, point: HistogramRest | ExponentialRest
) -> HistogramRest | ExponentialRest | None:
    if isinstance(state, ExponentialRest) and isinstance(point, ExponentialRest):
        return exponential_total(state, point)
    assert isinstance(state, HistogramRest)  # noqa: S101 the type is part of the stream
    assert isinstance(point, HistogramRest)  # noqa: S101 the type is part of the stream
    return histogram_total(state, point)


def _is_converted(metric: MetricNode) -> int:
    return int(metric.type in _CONVERTED and metric.temporality == DELTA)


def _as_cumulative(frame: Frame, converted: Mask) -> Frame:
    def cumulative(metric: MetricNode) -> MetricNode:
        return replace(metric, temporality=CUMULATIVE)

    value = frame.metrics.value.copy()
    value[converted] = frame.pools.metrics.change(value[converted], cumulative)
    return frame.with_value(Level.METRIC, value)
