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
from phoenix.engine.processors.state.clock import arrivals_of
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
        from phoenix.engine.kernels.stateful_kernel import NO_ROOM, stream_fates  # noqa: PLC0415 numba is slow to import

        series = series_numbers(frame, STREAM, of=asked)
        rows = np.flatnonzero(asked)
        arrivals = arrivals_of(frame, Level.METRIC)[frame.points.metric[rows]]
        fates = stream_fates(
            series.number[rows], arrivals, len(series), self.max_streams, self.start, _MINUTE, self.max_stale
        )
        is_histogram = frame.points.kind[rows] >= PointKind.HISTOGRAM
        points, origins = _numbers(frame.points, series, rows[~is_histogram], fates[~is_histogram])
        frame = frame.with_(points=points)
        points, more = _histograms(frame, series, rows[is_histogram], fates[is_histogram])
        gone = np.zeros(len(points), dtype=np.bool_)
        gone[rows[fates == NO_ROOM]] = True
        gone[rows[~is_histogram][origins < 0]] = True
        gone[rows[is_histogram][more < 0]] = True
        return points, gone


def _numbers(points: PointTable, series: Numbered, rows: Int64s, fates: Fates) -> tuple[PointTable, Int64s]:
    # The points with their sums, and for each of `rows` the row that its stream's state began with, -1 for none.
    from phoenix.engine.kernels.stateful_kernel import running_totals  # noqa: PLC0415 numba is slow to import

    bits = points.bits[rows]
    origins, kinds, bits, doubles = running_totals(
        series.number[rows],
        fates,
        points.start_time[rows],
        points.time[rows],
        points.kind[rows],
        bits,
        bits.view(np.float64),
        len(series),
    )
    kept = origins >= 0
    origins[kept] = rows[origins[kept]]
    kind, value = points.kind.copy(), points.bits.copy()
    kind[rows[kept]] = kinds[kept]
    value[rows[kept]] = np.where(kinds == PointKind.DOUBLE, doubles.view(np.int64), bits)[kept]
    return _from_origins(replace(points, kind=kind, bits=value), rows[kept], origins[kept], rest=True), origins


def _from_origins(points: PointTable, rows: Int64s, origins: Int64s, *, rest: bool) -> PointTable:
    # The state is copied over the point, and but for its time it is that of the point it began with.
    columns = {}
    for name in ("attributes", "start_time", "flags", *(["rest"] if rest else [])):
        column = getattr(points, name).copy()
        column[rows] = column[origins]
        columns[name] = column
    return replace(points, **columns)


def _histograms(frame: Frame, series: Numbered, rows: Int64s, fates: Fates) -> tuple[PointTable, Int64s]:
    # As `_numbers`; one point at a time, since what a point holds decides how it is added.
    from phoenix.engine.kernels.stateful_kernel import BEGINS, NO_ROOM  # noqa: PLC0415 numba is slow to import

    points, rests = frame.points, frame.pools.rests
    rest = points.rest.copy()
    origins = np.full(len(rows), -1, dtype=np.int64)
    states: dict[int, tuple[int, int, HistogramRest | ExponentialRest]] = {}
    for entry, row in enumerate(rows.tolist()):
        if fates[entry] == NO_ROOM:
            continue
        stream = int(series.number[row])
        if fates[entry] == BEGINS:
            states.pop(stream, None)
        point = rest_at(rests, points.kind[row], points.rest[row])
        assert isinstance(point, HistogramRest | ExponentialRest)  # noqa: S101 a converted metric holds these
        origin, last, state = states.get(stream, (row, row, point))
        if last != row and points.time[last] != 0:
            if points.start_time[row] < points.start_time[origin] or points.time[row] <= points.time[last]:
                continue
            total = _total(state, point)
            origin, state = (row, point) if total is None else (origin, total)
        else:
            origin, state = row, point
        states[stream] = (origin, row, state)
        origins[entry] = origin
        rest[row] = points.rest[row] if state is point else add_rest(rests, state)
    kept = origins >= 0
    return _from_origins(replace(points, rest=rest), rows[kept], origins[kept], rest=False), origins


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
