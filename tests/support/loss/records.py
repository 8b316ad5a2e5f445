"""Captures from plain records, one a point, for tests that care about series and values and not about the wire.

`capture_of(records)` writes each record under nodes of its own unless it follows a record with the same ones, which is
how a collector writes them. `process_records` imitates the process scraper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint, Metric, ResourceMetrics, ScopeMetrics

from phoenix.telemetry.capture import Capture, Nodes, PointKind, Points

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND
DELTA, CUMULATIVE = 1, 2


@dataclass(frozen=True)
class Form:
    """What a metric is: its name, unit, type, temporality and whether it only rises."""

    name: str
    type: str = "sum"
    temporality: int = CUMULATIVE
    monotonic: bool = True
    unit: str = ""

    def message(self) -> Metric:
        metric = Metric(name=self.name, unit=self.unit)
        data = getattr(metric, self.type)
        data.SetInParent()
        if self.type != "gauge":
            data.aggregation_temporality = self.temporality
        if self.type == "sum":
            data.is_monotonic = self.monotonic
        return metric


CPU_TIME = Form("process.cpu.time", unit="s")
DISK_IO = Form("process.disk.io", unit="By")
MEMORY = Form("process.memory.usage", monotonic=False, unit="By")
UTILIZATION = Form("process.cpu.utilization", type="gauge", unit="1")


@dataclass(frozen=True)
class Record:
    """One point with everything above it."""

    form: Form
    value: int | float | None
    time: int
    start: int = 0
    attributes: Mapping[str, object] = field(default_factory=dict)
    resource: Mapping[str, object] = field(default_factory=dict)
    flags: int = 0
    scope: str = "process"
    counts: tuple[int, ...] = ()

    def but(self, **changes: object) -> "Record":
        return replace(self, **changes)  # type: ignore[arg-type]

    def without(self, *keys: str) -> "Record":
        """The same point with these resource attributes gone."""
        return replace(self, resource={key: value for key, value in self.resource.items() if key not in keys})


def process(pid: int, name: str, host: str | None = "a", **more: object) -> dict[str, object]:
    """The resource attributes of a process."""
    named = {"process.pid": pid, "process.executable.name": name, "process.command_line": f"/bin/{name} --pid {pid}"}
    return {**named, **({} if host is None else {"host.name": host}), **more}


def process_records(
    resource: Mapping[str, object], scrapes: Sequence[int], *, born: int = NOON - 3600 * SECOND, pace: int = 1
) -> list[Record]:
    """What the process scraper says of one process at each of `scrapes` (nanoseconds): two counters, a memory sum."""
    made = []
    pid = int(str(resource["process.pid"]))
    for number, time in enumerate(scrapes):
        for place, state in enumerate(("user", "system")):
            seconds = pid + place + 0.25 * pace * number
            made.append(Record(CPU_TIME, seconds, time, born, {"state": state}, resource))
        made.append(Record(DISK_IO, 1000 * pid + 10 * pace * number, time, born, {"direction": "read"}, resource))
        made.append(Record(MEMORY, 4096 * pid + number, time, born, {}, resource))
    return made


def scrape_times(count_: int, interval: int = 5, start: int = NOON) -> list[int]:
    return [start + number * interval * SECOND for number in range(count_)]


def capture_of(records: Iterable[Record]) -> Capture:
    """Return a capture; records of one second that follow each other share a request."""
    writer = _Writer()
    for record in records:
        writer.write(record)
    return writer.capture()


class _Writer:
    def __init__(self) -> None:
        self.levels = [_Level(), _Level(), _Level()]
        self.batches: list[int] = []
        self.attributes, self.rests = _Values(), _Values()
        self.rows: list[tuple[int, int, int, int, int, int, int, int]] = []
        self.open: list[object] = [None] * 4

    def write(self, record: Record) -> None:
        resource = ResourceMetrics()
        resource.resource.attributes.extend(_pairs(record.resource))
        scope = ScopeMetrics()
        scope.scope.name = record.scope
        second = record.time // SECOND
        values = [resource.SerializeToString(), scope.SerializeToString(), record.form.message().SerializeToString()]
        fresh = self.open[0] != second
        if fresh:
            self.batches.append(record.time)
            self.open[0] = second
        parent = len(self.batches) - 1
        for depth, (level, value) in enumerate(zip(self.levels, values, strict=True), start=1):
            if fresh or self.open[depth] != value:
                fresh = True
                level.add(len(self.batches) - 1, parent, value)
                self.open[depth] = value
            parent = len(level.parent) - 1
        self.rows.append(self._point(record, parent))

    def _point(self, record: Record, metric: int) -> tuple[int, int, int, int, int, int, int, int]:
        kind, bits = _stored(record)
        rest = -1
        if record.counts:
            kind = PointKind.HISTOGRAM
            message = HistogramDataPoint(count=sum(record.counts), bucket_counts=record.counts)
            rest = self.rests.row(message.SerializeToString())
        said = KeyValueList(values=_pairs(record.attributes)).SerializeToString()
        return metric, self.attributes.row(said), record.start, record.time, record.flags, kind, bits, rest

    def capture(self) -> Capture:
        columns = list(zip(*self.rows, strict=True)) or [()] * 8
        kinds = (np.int32, np.int32, np.uint64, np.uint64, np.uint32, np.uint8, np.int64, np.int32)
        arrays = [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        metric, attributes, start, time, flags, kind, bits, rest = arrays
        said, rests = self.attributes.array(), self.rests.array()
        points = Points(metric, attributes, start, time, flags, kind, bits, rest, said, rests)
        resources, scopes, metrics = (level.nodes() for level in self.levels)
        return Capture(np.array(self.batches, np.uint64), resources, scopes, metrics, points)


class _Values:
    def __init__(self) -> None:
        self.seen: dict[bytes, int] = {}

    def row(self, value: bytes) -> int:
        return self.seen.setdefault(value, len(self.seen))

    def array(self) -> pa.BinaryArray:
        return pa.array(list(self.seen), pa.binary())


class _Level:
    def __init__(self) -> None:
        self.batch: list[int] = []
        self.parent: list[int] = []
        self.position: list[int] = []
        self.value: list[int] = []
        self.values = _Values()

    def add(self, batch: int, parent: int, value: bytes) -> None:
        follows = bool(self.parent) and self.parent[-1] == parent
        self.position.append(self.position[-1] + 1 if follows else 0)
        self.batch.append(batch)
        self.parent.append(parent)
        self.value.append(self.values.row(value))

    def nodes(self) -> Nodes:
        columns = (np.array(column, np.int32) for column in (self.batch, self.parent, self.position, self.value))
        batch, parent, position, value = columns
        return Nodes(batch, parent, position, value, self.values.array())


def _pairs(attributes: Mapping[str, object]) -> list[KeyValue]:
    return [KeyValue(key=key, value=_any(value)) for key, value in attributes.items()]


def _any(value: object) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    return AnyValue(double_value=value) if isinstance(value, float) else AnyValue(string_value=str(value))


def _stored(record: Record) -> tuple[int, int]:
    if record.value is None:
        return PointKind.NO_VALUE, 0
    if isinstance(record.value, int):
        return PointKind.INT, record.value
    return PointKind.DOUBLE, int(np.float64(record.value).view(np.int64))
