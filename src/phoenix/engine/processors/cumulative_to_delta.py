"""The processor cumulative_to_delta of collector 0.160.0: every point becomes what came since the one before.

Monotonic cumulative sums, cumulative histograms and exponential histograms are converted; all else passes. What was
before is the previous point of the same series in the order of arrival, unless the sweeper forgot it in between.
Reference: processor/cumulativetodeltaprocessor, processor.go and internal/tracking.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.frame import Frame, Level, Mask, PointTable
from phoenix.engine.in_use import in_use
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.processors.state.clock import arrivals_of, last_ticks, refuse_ties
from phoenix.engine.processors.state.histogram_deltas import Delta, exponential_delta, histogram_delta
from phoenix.engine.processors.state.metric_matching import KEYS as MATCH_KEYS
from phoenix.engine.processors.state.metric_matching import Match
from phoenix.engine.processors.state.pruning import points_below, without_metrics
from phoenix.engine.reshaping.distinct import per_row
from phoenix.engine.series import Keys, Numbered, series_numbers
from phoenix.engine.tree import NO_MASK, fixed
from phoenix.engine.values.map_hash import hashed_map
from phoenix.engine.values.nodes import MetricNode, MetricType, ScopeNode
from phoenix.engine.values.rest_codec import add_rest, rest_at
from phoenix.engine.values.rests import ExponentialRest, HistogramRest

DELTA: Final = 1
CUMULATIVE: Final = 2
_HOUR: Final = 3600 * 10**9
# In the order of the kernel's numbers.
INITIAL_VALUES: Final = ("auto", "keep", "drop")
# What stands between the parts of an identity; in a name it could make two series one.
_SEPARATOR: Final = "\x1e"

Int64s = NDArray[np.int64]


def build(config: ProcessorConfig) -> "CumulativeToDelta":
    """Return the pass for these settings (config.go)."""
    settings = Settings.of(config, "max_staleness", "initial_value", "include", "exclude")
    initial_value = settings.raw("initial_value")
    if isinstance(initial_value, dict | list | bool):
        settings.word("initial_value", INITIAL_VALUES)
    if initial_value is not None and not isinstance(initial_value, str):
        raise settings.unsupported("an initial_value that is no text", "initial_value")
    include, exclude = (Match.read(settings.section(side, *MATCH_KEYS)) for side in ("include", "exclude"))
    return CumulativeToDelta(
        converts=lambda metric: include.includes(metric) and not exclude.excludes(metric),
        initial_value="auto" if initial_value is None else settings.word("initial_value", INITIAL_VALUES, "auto"),
        max_staleness=max(0, settings.duration("max_staleness", _HOUR)),
        start=config.start,
    )


def _plain(*names: str) -> tuple[str, ...]:
    if any(_SEPARATOR in name for name in names):
        raise NotColumnarError("the character U+001E in the name of a scope or metric, in cumulative_to_delta")
    return names


def _scope_key(scope: ScopeNode) -> Hashable:
    return _plain(scope.name, scope.version)


def _metric_key(metric: MetricNode) -> Hashable:
    return metric.type, metric.monotonic, *_plain(metric.name, metric.unit)


# tracking/identity.go: the kind of number and the start time count too, the attributes of the scope do not.
KEYS: Final = Keys(lambda node: hashed_map(node.attributes), _scope_key, _metric_key, hashed_map)


@dataclass(frozen=True, slots=True)
class CumulativeToDelta:
    """The pass.

    Attributes:
        converts: whether include and exclude let a metric through.
        initial_value: "auto", "keep" or "drop": what becomes of the first point of a series.
        max_staleness: nanoseconds; 0 keeps state for ever.
        start: when the component starts, nanoseconds since 1970.
    """

    converts: Callable[[MetricNode], bool]
    initial_value: str
    max_staleness: int
    start: int

    def __call__(self, frame: Frame) -> Frame:
        """Return the frame with deltas; points without one, and metrics without points, are gone."""
        by_value = per_row(frame.pools.metrics, in_use(frame.metrics.value), self._type).astype(np.uint8)
        types = by_value[frame.metrics.value]
        alive = frame.alive(Level.METRIC)
        if alive is not None:
            types[~alive] = MetricType.NONE
        below, taking, gone = _sorted_out(frame, types)
        # A histogram without points keeps its temporality (processor.go); a sum without points goes.
        converted = (types == MetricType.SUM) | ((types != MetricType.NONE) & below)
        if taking.any():
            series = series_numbers(frame, KEYS, of=taking, by_kind_and_start=True)
            if (by_value > MetricType.SUM).any():
                frame, series, rows = self._histograms(frame, series, types)
                gone[rows] = True
            points, dropped = self._numbers(frame, series)
            gone |= dropped
            frame = frame.with_(points=points)
        frame = _as_deltas(frame.dropping(Level.POINT, gone), converted, by_value)
        return without_metrics(frame, converted & ~points_below(frame, ~frame.dropped[Level.POINT]))

    def _type(self, metric: MetricNode) -> int:
        # The type of what is converted, else NONE.
        if metric.temporality != CUMULATIVE or (metric.type is MetricType.SUM and not metric.monotonic):
            return MetricType.NONE
        return metric.type if self.converts(metric) else MetricType.NONE

    def _numbers(self, frame: Frame, series: Numbered) -> tuple[PointTable, Mask]:
        # The points with deltas, and which have none.
        from phoenix.engine.kernels.stateful_kernel import GONE, TIED, Deltas, deltas  # noqa: PLC0415 as below
        from phoenix.engine.processors.state.columns import above_points, as_numbers  # noqa: PLC0415 numba is slow

        rules = Deltas(INITIAL_VALUES.index(self.initial_value), self.start, self.max_staleness)
        with np.errstate(all="ignore"):
            fates, kind, bits, start_time = deltas(
                series.number, above_points(frame), len(series), as_numbers(frame.points), rules
            )
        tied = frame.points.metric[(fates & TIED) != 0]
        if len(tied):
            refuse_ties(frame, arrivals_of(frame, Level.METRIC)[tied], "cumulative_to_delta")
        points = replace(frame.points, kind=kind, bits=bits, start_time=start_time)
        return points, (fates & GONE) != 0

    def _first(self, points: PointTable, rows: Int64s) -> tuple[Mask, NDArray[np.uint64]]:
        # What becomes of histograms that are the first of their series: whether they are sent, and their start time.
        started = points.start_time[rows]
        if self.initial_value == "auto":
            return (started >= np.uint64(self.start)) & (started != 0) & (points.time[rows] != started), started
        return np.full(len(rows), self.initial_value == "keep"), np.zeros(len(rows), dtype=np.uint64)

    def _histograms(
        self, frame: Frame, series: Numbered, types: NDArray[np.uint8]
    ) -> tuple[Frame, Numbered, list[int]]:
        # The deltas of histograms, the series of the other points, and the rows of histograms that have no delta.
        # One point at a time.
        points, rests = frame.points, frame.pools.rests
        is_histogram = (series.number >= 0) & (types > MetricType.SUM)[points.metric]
        rows = np.flatnonzero(is_histogram)
        if not len(rows):
            return frame, series, []
        arrivals = arrivals_of(frame, Level.METRIC)[points.metric]
        rest, start_time = points.rest.copy(), points.start_time.copy()
        valid, starts = self._first(points, rows)
        states: dict[int, tuple[int, HistogramRest | ExponentialRest]] = {}
        gone: list[int] = []
        swept = last_ticks(arrivals[rows], self.start, self.max_staleness) if self.max_staleness else arrivals[rows]
        for entry, row in enumerate(rows.tolist()):
            stream = int(series.number[row])
            point = rest_at(rests, points.kind[row], points.rest[row])
            assert isinstance(point, HistogramRest | ExponentialRest)  # noqa: S101 a converted metric holds these
            before = states.get(stream)
            if before is not None and self._is_forgotten(points, arrivals, before[0], int(swept[entry])):
                refuse_ties(frame, swept[entry : entry + 1][swept[entry] == arrivals[row]], "cumulative_to_delta")
                before = None
            if before is None:
                states[stream] = (row, point)
                sent = replace(point, min=None, max=None) if valid[entry] else None
                began = starts[entry]
            else:
                delta = _delta(before[1], point)
                states[stream] = (row if delta.moved else before[0], delta.state)
                sent, began = delta.rest, points.time[before[0]]
            if sent is None:
                gone.append(row)
            else:
                rest[row], start_time[row] = add_rest(rests, sent), began
        others = Numbered(np.where(is_histogram, np.int32(-1), series.number), series.first)
        return frame.with_(points=replace(points, rest=rest, start_time=start_time)), others, gone

    def _is_forgotten(self, points: PointTable, arrivals: Int64s, before: int, swept: int) -> bool:
        seen = int(points.time[before])
        swept_since = swept > self.start and swept > arrivals[before]
        return bool(self.max_staleness and swept_since and (not seen or seen < swept - self.max_staleness))


def _delta(state: HistogramRest | ExponentialRest, point: HistogramRest | ExponentialRest) -> Delta:
    if isinstance(state, ExponentialRest) and isinstance(point, ExponentialRest):
        return exponential_delta(state, point)
    assert isinstance(state, HistogramRest)  # noqa: S101 the type is part of the series
    assert isinstance(point, HistogramRest)  # noqa: S101 the type is part of the series
    return histogram_delta(state, point)


def _sorted_out(frame: Frame, types: NDArray[np.uint8]) -> tuple[Mask, Mask, Mask]:
    # bool over metrics: a point below is asked for; over points: it is converted, and: it goes at once.
    from phoenix.engine.kernels.stateful_kernel import sort_out  # noqa: PLC0415 numba is slow to import
    from phoenix.engine.processors.state.columns import above_points, as_numbers  # noqa: PLC0415 numba is slow

    metrics, points = len(frame.metrics), len(frame.points)
    out = (np.zeros(metrics, np.bool_), np.zeros(points, np.bool_), np.zeros(points, np.bool_))
    dropped = fixed(frame.dropped.get(Level.POINT, NO_MASK))
    with np.errstate(all="ignore"):
        sort_out(types, dropped, above_points(frame), as_numbers(frame.points), out)
    return out


def _as_deltas(frame: Frame, converted: Mask, by_value: NDArray[np.uint8]) -> Frame:
    pool, value = frame.pools.metrics, frame.metrics.value
    table = np.arange(len(pool), dtype=np.int32)
    concerned = np.flatnonzero(by_value)
    table[concerned] = pool.change(concerned, lambda metric: replace(metric, temporality=DELTA))
    return frame.with_value(Level.METRIC, np.where(converted, table[value], value))
