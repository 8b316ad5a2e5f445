"""From decoded bodies to parts of windows. Called in the meter's worker processes, for each body."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, PointKind
from phoenix.telemetry.measure.flat_json import own_json_bytes
from phoenix.telemetry.window.labels import Labels, MetricName, mix
from phoenix.telemetry.window.part import Part, Resources, Rows, smallest
from phoenix.telemetry.window.plan import WindowPlan
from phoenix.telemetry.window.shares import otlp_shares

_NO_RECORDED_VALUE = 1
_MAX_TIME = np.uint64(2**63 - 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What bodies said.

    Attributes:
        parts: one a window, by start.
        untimed: points without a time, or with one after the year 2262; they are in no window.
        scattered: points of more windows than one body may touch; the windows with the fewest points are left out.
    """

    parts: tuple[Part, ...]
    untimed: int
    scattered: int


def measure_windows(capture: Capture, plan: WindowPlan, labels: Labels) -> Measured:
    """Return the parts of windows that a capture gives: a few passes over its points, a look at each distinct value.

    Args:
        capture: decoded bodies of one stream, a batch each.
        plan: how to cut.
        labels: what the reader knows already; learns what is new.
    """
    points = capture.points
    timed = (points.time > 0) & (points.time <= _MAX_TIME)
    untimed = len(points) - int(np.count_nonzero(timed))
    if untimed == len(points):
        return Measured((), untimed, 0)
    labels.refresh()
    table = _table(capture, plan, labels)
    number = points.time.view(np.int64) // plan.width
    if not untimed and int(number.min()) == int(number.max()):
        return Measured((table.part(None, int(number[0]), plan),), 0, 0)
    starts, counts = np.unique(number[timed], return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[: plan.max_windows])
    parts = [table.part(np.flatnonzero(timed & (number == start)), int(start), plan) for start in starts[kept].tolist()]
    return Measured(tuple(parts), untimed, int(counts.sum() - counts[kept].sum()))


@dataclass(frozen=True, slots=True)
class _Table:
    # The points of a capture as rows, and what adds up of each.
    rows: Rows
    batch: NDArray[np.int32]
    otlp: NDArray[np.int64]
    json: NDArray[np.int64]
    resources: Resources
    executables: Sequence[str]
    metrics: Sequence[MetricName]

    def part(self, chosen: NDArray[np.int64] | None, number: int, plan: WindowPlan) -> Part:
        rows, batch, otlp, json = self.rows, self.batch, self.otlp, self.json
        if chosen is not None:
            rows, batch, otlp, json = rows.take(chosen), batch[chosen], otlp[chosen], json[chosen]
        count = len(self.metrics)
        tallies = np.stack(
            [np.bincount(rows.metric, weights=weights, minlength=count) for weights in (None, otlp, json)], axis=1
        ).astype(np.int64)
        first, last = int(rows.time.min()), int(rows.time.max())
        requests = len(np.unique(batch))
        rows, truncated = smallest(rows, plan.max_series)
        metrics, executables, tallies, rows, resources = self._used(rows, tallies)
        return Part(
            number * plan.width, requests, first, last, rows, resources, executables, metrics, tallies, truncated
        )

    def _used(
        self, rows: Rows, tallies: NDArray[np.int64]
    ) -> tuple[tuple[MetricName, ...], tuple[str, ...], NDArray[np.int64], Rows, Resources]:
        # Without the names and resources that no point of this part uses.
        used = np.flatnonzero(tallies[:, 0])
        to_metric = np.zeros(len(tallies), dtype=np.int32)
        to_metric[used] = np.arange(len(used))
        resource, to_resource = _numbered(rows.resource, len(self.resources.hash))
        executable, to_executable = _numbered(self.resources.executable[resource], len(self.executables))
        resources = self.resources.take(resource)
        return (
            tuple(self.metrics[i] for i in used.tolist()),
            tuple(self.executables[i] for i in executable.tolist()),
            tallies[used],
            rows._replace(metric=to_metric[rows.metric], resource=to_resource[rows.resource]),
            resources._replace(executable=to_executable[resources.executable]),
        )


def _numbered(rows: NDArray[np.int32], count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    # The distinct values among 0 .. count - 1, and for each of these its place among them.
    there = np.zeros(count, dtype=np.bool_)
    there[rows] = True
    used = np.flatnonzero(there)
    to = np.zeros(count, dtype=np.int32)
    to[used] = np.arange(len(used), dtype=np.int32)
    return used, to


def _table(capture: Capture, plan: WindowPlan, labels: Labels) -> _Table:
    points = capture.points
    known = labels.resources.table(capture.resources.values)
    scopes = labels.scopes.table(capture.scopes.values)
    metrics = labels.metrics.table(capture.metrics.values)
    attributes = labels.attributes.table(points.attribute_values)
    resource_of_scope = capture.resources.value[capture.scopes.parent]
    resource_of_metric = resource_of_scope[capture.metrics.parent]
    # A series' hash is mixed from the top down, so that only the last step is taken for every point.
    top = mix(known[:, 0][capture.resources.value])
    middle = mix(top[capture.scopes.parent] ^ scopes[:, 0][capture.scopes.value])
    bottom = mix(middle[capture.metrics.parent] ^ metrics[:, 0][capture.metrics.value])
    names = metrics[:, 2][capture.metrics.value].astype(np.int32)
    shared_json = (metrics[:, 1][capture.metrics.value] + known[:, 1][resource_of_metric]).astype(np.int64)
    of = points.metric
    rows = Rows(
        series=mix(bottom[of] ^ attributes[:, 0][points.attributes]),
        time=points.time.view(np.int64),
        start=np.minimum(points.start_time, _MAX_TIME).view(np.int64),
        bits=points.bits,
        kind=np.where(points.flags & _NO_RECORDED_VALUE, np.uint8(PointKind.NO_VALUE), points.kind),
        metric=names[of],
        resource=resource_of_metric[of],
    )
    critical = np.zeros(len(known), dtype=np.uint64)
    if plan.critical:
        critical = labels.critical(plan.critical).table(capture.resources.values)[:, 0]
    return _Table(
        rows=rows,
        batch=capture.metrics.batch[of],
        otlp=otlp_shares(capture),
        json=own_json_bytes(points) + shared_json[of] + attributes[:, 1].astype(np.int64)[points.attributes],
        resources=Resources(known[:, 0], known[:, 2].astype(np.int32), known[:, 3].astype(np.uint8), critical),
        executables=labels.executables.texts,
        metrics=labels.metric_names.texts,
    )
