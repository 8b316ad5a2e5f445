"""A part of a window: what one body, or several, said of it, in a form that adds up in any order.

A part keeps its points as rows (41 bytes each), so nothing that is read off the whole window depends on how it was cut
into bodies or in which order they came: totals, falls of counters and points sent twice are seen across bodies as
within one. The set of series is capped by its smallest hashes, which is again the same however parts are merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.window.labels import MetricName

T = TypeVar("T")

# Columns of `Part.tallies`.
POINTS, OTLP_BYTES, JSON_BYTES = 0, 1, 2


class Rows(NamedTuple):
    """The points of a window, in no order.

    Attributes:
        series: uint64, the hash of the series.
        time: int64, nanoseconds since the epoch.
        start: int64, start time, 0 when not set.
        bits: int64, the value as in `Points.bits`.
        kind: uint8, a `PointKind`; NO_VALUE also where the flags say that none was recorded.
        metric: int32, row of the part's metrics.
        resource: int32, row of the part's resources.
    """

    series: NDArray[np.uint64]
    time: NDArray[np.int64]
    start: NDArray[np.int64]
    bits: NDArray[np.int64]
    kind: NDArray[np.uint8]
    metric: NDArray[np.int32]
    resource: NDArray[np.int32]

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Rows":
        """Return some of the rows."""
        return Rows(
            self.series[rows],
            self.time[rows],
            self.start[rows],
            self.bits[rows],
            self.kind[rows],
            self.metric[rows],
            self.resource[rows],
        )


class Resources(NamedTuple):
    """The resources that points of a window belong to; one may stand in several rows.

    Attributes:
        hash: uint64, of the identity.
        executable: int32, row of the part's executables.
        traits: uint8, `labels.IS_PROCESS`, `labels.HAS_HOST`.
        critical: uint64, bit i set where critical pattern i matches.
    """

    hash: NDArray[np.uint64]
    executable: NDArray[np.int32]
    traits: NDArray[np.uint8]
    critical: NDArray[np.uint64]

    def take(self, rows: NDArray[np.int64]) -> "Resources":
        """Return some of the rows."""
        return Resources(self.hash[rows], self.executable[rows], self.traits[rows], self.critical[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What is known of a window from some of its bodies.

    Attributes:
        start: nanoseconds since the epoch, a multiple of the width.
        requests: bodies.
        first_time, last_time: nanoseconds, of the points.
        rows: the points of the series kept.
        resources: theirs.
        executables: names.
        metrics: names.
        tallies: int64[metrics, 3]: points, OTLP bytes and JSON bytes of each, of all series.
        truncated: there were more series than are kept.
    """

    start: int
    requests: int
    first_time: int
    last_time: int
    rows: Rows
    resources: Resources
    executables: tuple[str, ...]
    metrics: tuple[MetricName, ...]
    tallies: NDArray[np.int64]
    truncated: bool

    def __len__(self) -> int:
        return len(self.rows.series)


def merge(parts: Sequence[Part], max_series: int) -> Part:
    """Return the whole of some parts of one window, none empty; the order and the grouping of parts don't matter.

    Raises:
        ValueError: no parts, or of different windows.
    """
    if not parts or any(part.start != parts[0].start for part in parts):
        raise ValueError("only parts of one window can be merged")
    executables, to_executable = _joined([part.executables for part in parts])
    metrics, to_metric = _joined([part.metrics for part in parts])
    tallies = np.zeros((len(metrics), 3), dtype=np.int64)
    for part, metric in zip(parts, to_metric, strict=True):
        np.add.at(tallies, metric, part.tallies)
    resources, to_resource = _joined_resources(parts, to_executable)
    rows = Rows(
        np.concatenate([part.rows.series for part in parts]),
        np.concatenate([part.rows.time for part in parts]),
        np.concatenate([part.rows.start for part in parts]),
        np.concatenate([part.rows.bits for part in parts]),
        np.concatenate([part.rows.kind for part in parts]),
        np.concatenate([to[part.rows.metric] for part, to in zip(parts, to_metric, strict=True)]),
        np.concatenate([to[part.rows.resource] for part, to in zip(parts, to_resource, strict=True)]),
    )
    rows, cut = smallest(rows, max_series)
    return Part(
        start=parts[0].start,
        requests=sum(part.requests for part in parts),
        first_time=min(part.first_time for part in parts),
        last_time=max(part.last_time for part in parts),
        rows=rows,
        resources=resources,
        executables=executables,
        metrics=metrics,
        tallies=tallies,
        truncated=cut or any(part.truncated for part in parts),
    )


def smallest(rows: Rows, max_series: int) -> tuple[Rows, bool]:
    """Return the rows of the `max_series` series with the smallest hashes, and whether there were more."""
    if len(rows.series) <= max_series:
        return rows, False
    hashes = np.unique(rows.series)
    if len(hashes) <= max_series:
        return rows, False
    return rows.take(rows.series <= hashes[max_series - 1]), True


def _joined(names: Sequence[tuple[T, ...]]) -> tuple[tuple[T, ...], list[NDArray[np.int32]]]:
    numbers: dict[T, int] = {}
    to = [np.array([numbers.setdefault(name, len(numbers)) for name in some], dtype=np.int32) for some in names]
    return tuple(numbers), to


def _joined_resources(
    parts: Sequence[Part], to_executable: Sequence[NDArray[np.int32]]
) -> tuple[Resources, list[NDArray[np.int32]]]:
    hashes = np.concatenate([part.resources.hash for part in parts])
    distinct, first, number = np.unique(hashes, return_index=True, return_inverse=True)
    executable = np.concatenate([to[part.resources.executable] for part, to in zip(parts, to_executable, strict=True)])
    traits = np.concatenate([part.resources.traits for part in parts])
    critical = np.concatenate([part.resources.critical for part in parts])
    ends = np.cumsum([len(part.resources.hash) for part in parts])
    return (
        Resources(distinct, executable[first], traits[first], critical[first]),
        np.split(number.astype(np.int32), ends[:-1]),
    )
