"""Loss check: points a second, for a large capture against an identical, a filtered and a regrouped one."""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, ResourceMetrics, ScopeMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from phoenix.decide.loss.assess import assess_loss
from phoenix.decide.loss.observed import Observed
from phoenix.telemetry.capture import Capture, Nodes, PointKind, Points

T = TypeVar("T")
NOON = 1_700_000_000_000_000_000
METRICS = 17


def main(arguments: list[str]) -> None:
    """Print seconds and points a second for `--processes` seen at `--scrapes`, 17 points a process."""
    parser = argparse.ArgumentParser(prog="./dev bench loss")
    parser.add_argument("--processes", type=int, default=1000)
    parser.add_argument("--scrapes", type=int, default=60)
    options = parser.parse_args(arguments)
    whole = capture(options.processes, options.scrapes)
    outputs = {
        "identical": whole,
        "one process of two": capture(options.processes, options.scrapes, step=2),
        "regrouped": capture(options.processes, options.scrapes, with_pid=False),
    }
    points = len(whole.points)
    print(f"{points:,} points, {options.processes * METRICS:,} series")
    before = timed("observe the input", points, lambda: Observed.of(whole))
    for name, output in outputs.items():
        timed(f"assess: {name}", points, partial(assess_loss, before, Observed.of(output)))


def timed(name: str, points: int, work: Callable[[], T]) -> T:
    """Run `work` once and print its time and points a second."""
    began = time.perf_counter()
    result = work()
    took = time.perf_counter() - began
    print(f"{name:<28} {took:8.2f} s {points / took / 1e6:8.2f} M points/s")
    return result


def capture(processes: int, scrapes: int, *, step: int = 1, with_pid: bool = True) -> Capture:
    """Return a capture of `processes` at 5 s, each read a microsecond after the one before; every `step`-th is kept."""
    kept = np.arange(0, processes, step)
    resources, count = len(kept) * scrapes, len(kept) * scrapes * METRICS
    batch = np.repeat(np.arange(scrapes, dtype=np.int32), len(kept))
    position = np.tile(np.arange(len(kept), dtype=np.int32), scrapes)
    tree = np.arange(resources, dtype=np.int32)
    metric = np.arange(count, dtype=np.int32)
    number = np.tile(np.arange(METRICS, dtype=np.int32), resources)
    pid = np.tile(kept, scrapes)
    when = (NOON + batch.astype(np.int64) * 5_000_000_000 + pid * 1_000).astype(np.uint64)
    value = np.repeat(pid * 1000 + batch * 10, METRICS)
    zeros = np.zeros(count, np.int32)
    points = Points(
        metric=metric,
        attributes=zeros,
        start_time=np.full(count, NOON - 3_600_000_000_000, np.uint64),
        time=np.repeat(when, METRICS),
        flags=zeros.astype(np.uint32),
        kind=np.full(count, PointKind.INT, np.uint8),
        bits=value.astype(np.int64),
        rest=zeros - 1,
        attribute_values=pa.array([KeyValueList().SerializeToString()], pa.binary()),
        rest_values=pa.array([], pa.binary()),
    )
    return Capture(
        batches=np.unique(batch).astype(np.uint64),
        resources=Nodes(batch, batch, position, position, _values([_resource(int(one), with_pid) for one in kept])),
        scopes=Nodes(batch, tree, tree * 0, tree * 0, _values([ScopeMetrics()])),
        metrics=Nodes(
            np.repeat(batch, METRICS),
            np.repeat(tree, METRICS),
            number,
            number,
            _values(list(map(_metric, range(METRICS)))),
        ),
        points=points,
    )


def _values(messages: list[ResourceMetrics] | list[ScopeMetrics] | list[Metric]) -> pa.BinaryArray:
    return pa.array([message.SerializeToString() for message in messages], pa.binary())


def _resource(pid: int, with_pid: bool) -> ResourceMetrics:
    said = [
        KeyValue(key="host.name", value=AnyValue(string_value="a")),
        KeyValue(key="process.executable.name", value=AnyValue(string_value=f"worker{pid % 50}")),
    ]
    if with_pid:
        said.append(KeyValue(key="process.pid", value=AnyValue(int_value=pid)))
    return ResourceMetrics(resource=Resource(attributes=said))


def _metric(number: int) -> Metric:
    metric = Metric(name=f"process.metric.{number}")
    metric.sum.aggregation_temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
    metric.sum.is_monotonic = number % 2 == 0
    return metric
