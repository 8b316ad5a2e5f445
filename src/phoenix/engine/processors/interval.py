"""The processor interval of collector 0.160.0: of each stream the newest point, sent at the end of every interval.

Cumulative monotonic sums, cumulative histograms and, unless they pass through, gauges and summaries wait; all else goes
on at once. What waits is grouped anew by resource, scope and metric, each as its first was. What is left when the
collector is stopped goes then. Reference: processor/intervalprocessor.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.errors import EvaluationFailedError
from phoenix.engine.frame import Frame, Int32s, Level, Mask, NodeTable
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.processors.state.clock import arrivals_of, refuse_ties
from phoenix.engine.processors.state.joining import Part, joined, what_is_left
from phoenix.engine.processors.state.pruning import without_metrics
from phoenix.engine.processors.state.tables import per_value
from phoenix.engine.series import STREAM, Numbered, number_rows, value_numbers
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType, ResourceNode, ScopeNode

CUMULATIVE: Final = 2
_MINUTE: Final = 60 * 10**9
# What becomes of a metric.
_PASSES, _WAITS, _IS_AN_ERROR = 0, 1, 2

Int64s = NDArray[np.int64]


def build(config: ProcessorConfig) -> "Interval":
    """Return the pass for these settings (config.go)."""
    settings = Settings.of(config, "interval", "pass_through")
    interval = settings.duration("interval", _MINUTE)
    if interval <= 0:
        settings.refuse("invalid interval value", "interval")
    passing = settings.section("pass_through", "gauge", "summary")
    return Interval(
        name=config.name,
        interval=interval,
        gauges_pass=passing.boolean("gauge"),
        summaries_pass=passing.boolean("summary"),
        start=config.start,
        end=config.end,
    )


@dataclass(frozen=True, slots=True)
class _Groups:
    # The metrics that wait, by the nodes they become.
    metrics: Int64s
    windows: Int64s
    resources: Numbered
    scopes: Numbered
    groups: Numbered


@dataclass(frozen=True, slots=True)
class Interval:
    """The pass.

    Attributes:
        name: of the processor.
        interval: nanoseconds.
        gauges_pass: gauges go on at once.
        summaries_pass: summaries go on at once.
        start: when the component starts, nanoseconds since 1970.
        end: when it is stopped.
        unheard: bool[B]: requests of the frame whose errors nobody hears; None for none.
    """

    name: str
    interval: int
    gauges_pass: bool
    summaries_pass: bool
    start: int
    end: int
    unheard: Mask | None = None

    def unheard_at(self, requests: Mask) -> Self:
        """Return the pass for a frame some of whose requests were sent by a processor that only logs an error."""
        return replace(self, unheard=requests)

    def __call__(self, frame: Frame) -> Frame:
        """Return the frame with what waited in requests of its own.

        Raises:
            EvaluationFailedError: a metric has no type.
        """
        fates = per_value(frame.pools.metrics, frame.metrics.value, self._fate)
        alive = frame.alive(Level.METRIC)
        if alive is not None:
            fates[~alive] = _PASSES
        self._check(frame, fates == _IS_AN_ERROR)
        waits = fates == _WAITS
        arrivals = arrivals_of(frame, Level.METRIC)[waits]
        refuse_ties(
            frame, arrivals[(arrivals > self.start) & ((arrivals - self.start) % self.interval == 0)], "interval"
        )
        passing = what_is_left(without_metrics(frame, waits))
        return joined(frame, self._sent(frame, waits), passing)

    def _fate(self, metric: MetricNode) -> int:
        match metric.type:
            case MetricType.NONE:
                return _IS_AN_ERROR
            case MetricType.GAUGE:
                waits = not self.gauges_pass
            case MetricType.SUMMARY:
                waits = not self.summaries_pass
            case MetricType.SUM:
                waits = metric.monotonic and metric.temporality == CUMULATIVE
            case _:
                waits = metric.temporality == CUMULATIVE
        return _WAITS if waits else _PASSES

    def _check(self, frame: Frame, wrong: Mask) -> None:
        requests = frame.spread(frame.resources.parent, Level.RESOURCE, Level.METRIC)[wrong]
        if self.unheard is not None:
            requests = requests[~self.unheard[requests]]
        if len(requests):
            request = int(requests[0])
            raise EvaluationFailedError(
                f"{self.name} answered an error for request {request}: invalid MetricType 0", request=request
            )

    def _sent(self, frame: Frame, waits: Mask) -> Part:
        groups = self._groups(frame, waits)
        windows, batch = np.unique(groups.windows[groups.resources.first], return_inverse=True)
        metric_rows = groups.metrics[groups.groups.first]
        scope_rows = frame.metrics.parent[groups.metrics[groups.scopes.first]]
        resource_rows = frame.scopes.parent[frame.metrics.parent[groups.metrics[groups.resources.first]]]
        pools = frame.pools
        resources = NodeTable(
            batch.reshape(-1).astype(np.int32), pools.resources.change(frame.resources.value[resource_rows], _resource)
        )
        scopes, place = _by_parent(
            groups.resources.number[groups.scopes.first],
            pools.scopes.change(frame.scopes.value[scope_rows], _scope),
        )
        metrics, place = _by_parent(
            place[groups.scopes.number[groups.groups.first]],
            pools.metrics.change(frame.metrics.value[metric_rows], _metric),
        )
        rows, metric = self._newest(frame, waits, groups, place)
        return Part(
            arrivals=np.minimum(self.start + (windows + 1) * self.interval, self.end),
            nodes=(resources, scopes, metrics),
            metric=metric,
            rows=rows,
        )

    def _groups(self, frame: Frame, waits: Mask) -> _Groups:
        rows = np.flatnonzero(waits)
        scope = frame.metrics.parent[rows]
        resource = frame.scopes.parent[scope]
        windows = (arrivals_of(frame, Level.METRIC)[rows] - self.start) // self.interval
        pools = frame.pools
        resources = number_rows(
            windows, value_numbers(pools.resources, frame.resources.value[resource], STREAM.resource)
        )
        scopes = number_rows(resources.number, value_numbers(pools.scopes, frame.scopes.value[scope], STREAM.scope))
        metrics = number_rows(scopes.number, value_numbers(pools.metrics, frame.metrics.value[rows], STREAM.metric))
        return _Groups(rows, windows, resources, scopes, metrics)

    def _newest(self, frame: Frame, waits: Mask, groups: _Groups, place: Int32s) -> tuple[Int64s, Int32s]:
        # The points that are sent, by metric and the stream's first appearance, and the metric's row.
        from phoenix.engine.kernels.stateful_kernel import newest_rows  # noqa: PLC0415 numba is slow to import

        asked = waits[frame.points.metric]
        alive = frame.alive(Level.POINT)
        rows = np.flatnonzero(asked if alive is None else asked & alive)
        group = np.full(frame.size(Level.METRIC), -1, dtype=np.int32)
        group[groups.metrics] = place[groups.groups.number]
        metric = group[frame.points.metric[rows]]
        attributes = value_numbers(frame.pools.attributes, frame.points.attributes[rows], STREAM.attributes)
        streams = number_rows(metric, attributes)
        newest = newest_rows(streams.number, frame.points.time[rows], len(streams))
        order = np.argsort(metric[newest], kind="stable")
        return rows[newest][order], metric[newest][order]


def _by_parent(parent: Int32s, value: Int32s) -> tuple[NodeTable, Int32s]:
    # The table in its parents' order, and where each row stands then.
    order = np.argsort(parent, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return NodeTable(parent[order], value[order]), place


def _resource(node: ResourceNode) -> ResourceNode:
    return replace(node, others_outside=b"") if node.others_outside else node


def _scope(node: ScopeNode) -> ScopeNode:
    return replace(node, others_outside=b"") if node.others_outside else node


def _metric(node: MetricNode) -> MetricNode:
    # getOrCloneMetric copies neither metadata nor anything it does not know.
    return replace(node, metadata=NO_ATTRIBUTES, others=b"") if len(node.metadata) or node.others else node
