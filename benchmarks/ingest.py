"""Points per second a core into windows, step by step, beside protobuf's bare parse; memory per open series."""

import argparse
import asyncio
import gc
import tempfile
import time
from pathlib import Path

import psutil
from benchmarks.parts.support import POINTS_PER_PROCESS, best_seconds, process_like
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.control.metering.model import MeterPlan
from phoenix.control.metering.service import Metering
from phoenix.control.metering.stored.encoding import encode_measure
from phoenix.core.clock import SystemClock
from phoenix.core.ids import ExperimentId, HostId, RevisionId
from phoenix.edge.otlp.sink import StreamOrigin
from phoenix.store.database import Database
from phoenix.store.migrations.runner import upgrade
from phoenix.telemetry.codec import decode
from phoenix.telemetry.window import Carry, Labels, Part, WindowPlan, finish, measure_windows, merge

KEY = b"a key for a benchmark"
PLAN = WindowPlan(60.0)


def main(arguments: list[str]) -> None:
    """Print what each step takes of a core, the whole way through the running meter, and the memory of open windows."""
    parser = argparse.ArgumentParser(prog="ingest", description=__doc__)
    parser.add_argument("--processes", type=int, default=580, help="processes of the host scraped")
    parser.add_argument("--scrapes", type=int, default=24, help="scrapes, ten seconds apart, a body each")
    options = parser.parse_args(arguments)
    bodies = process_like(options.processes, options.scrapes)
    points = options.processes * options.scrapes * POINTS_PER_PROCESS
    print(f"{points:,} points in {len(bodies)} bodies of {len(bodies[0]):,} bytes; windows of {PLAN.seconds:.0f} s\n")
    upb = best_seconds(lambda: [ExportMetricsServiceRequest.FromString(body) for body in bodies], rounds=10)
    _steps(bodies, points, upb)
    asyncio.run(_running(bodies, points, upb))


def _steps(bodies: list[bytes], points: int, upb: float) -> None:
    labels = Labels(KEY)
    captures = [decode([body]) for body in bodies]
    parts: dict[int, list[Part]] = {}
    for capture in captures:
        for part in measure_windows(capture, PLAN, labels).parts:
            parts.setdefault(part.start, []).append(part)
    windows = [merge(same, PLAN.max_series) for same in parts.values()]
    measures = [finish(window, PLAN, Carry())[0] for window in windows]

    def whole() -> None:
        merged: dict[int, list[Part]] = {}
        for body in bodies:
            for part in measure_windows(decode([body]), PLAN, labels).parts:
                merged.setdefault(part.start, []).append(part)
        for same in merged.values():
            finish(merge(same, PLAN.max_series), PLAN, Carry())

    print(f"{'one core':44}{'points/s':>14}{'of upb':>10}")
    parse = "protobuf's bare parse (upb)"
    print(f"{parse:44}{points / upb:14,.0f}{1:10.2f}")
    steps = (
        ("decode into columns", lambda: [decode([body]) for body in bodies]),
        ("measure, resources known", lambda: [measure_windows(capture, PLAN, labels) for capture in captures]),
        ("measure, every resource new", lambda: [measure_windows(one, PLAN, Labels(KEY)) for one in captures]),
        ("merge", lambda: [merge(same, PLAN.max_series) for same in parts.values()]),
        ("finish", lambda: [finish(window, PLAN, Carry()) for window in windows]),
        ("encode for the database", lambda: [encode_measure(measure) for measure in measures]),
        ("all of it, resources known", whole),
    )
    for name, work in steps:
        seconds = best_seconds(work)
        print(f"{name:44}{points / seconds:14,.0f}{upb / seconds:10.2f}")
    stored = sum(len(encode_measure(measure)) for measure in measures)
    series = sum(len(measure.series.hashes) for measure in measures)
    print(f"\n{stored / series:.0f} bytes stored a series and window")


async def _running(bodies: list[bytes], points: int, upb: float) -> None:
    origin = StreamOrigin(HostId("host-1"), ExperimentId("exp-1"), "baseline", RevisionId("rev-1"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite+aiosqlite:///{Path(folder) / 'phoenix.db'}")
        await upgrade(database)
        async with Metering(database, SystemClock()).running() as meter:
            async with database.transaction() as session:
                await meter.open_meter(session, origin.experiment, MeterPlan(PLAN.seconds))
            await meter.take(origin, bodies[0])
            gc.collect()
            here = psutil.Process()
            worker = psutil.Process(meter.worker_processes()[0])
            before, memory = _processor_seconds(here, worker), here.memory_info().rss
            begun = time.perf_counter()
            for body in bodies[1:]:
                await meter.take(origin, body)
            took = time.perf_counter() - begun
            spent = [after - earlier for after, earlier in zip(_processor_seconds(here, worker), before, strict=True)]
            share = (len(bodies) - 1) / len(bodies)
            print(f"\nthe running meter, one worker, SQLite: {points * share / took:,.0f} points/s")
            for name, seconds in (("server", spent[0]), ("worker", spent[1]), ("both", sum(spent))):
                rate = points * share / seconds
                print(f"  {name + ' process, a core':42}{rate:14,.0f}{upb * share / seconds:10.2f}")
            await _memory(meter, origin, bodies, memory)
        await database.close()


async def _memory(meter: Metering, origin: StreamOrigin, bodies: list[bytes], before: int) -> None:
    # A scrape each of many hosts' streams, all open.
    streams = 40
    held = meter.load().open_points
    for number in range(streams):
        await meter.take(StreamOrigin(HostId(f"host-{number + 2}"), *_rest(origin)), bodies[0])
    points = meter.load().open_points - held
    grown = psutil.Process().memory_info().rss - before
    print(f"\n{points:,} open series with a point each: {grown / points:.0f} bytes resident a series")


def _rest(origin: StreamOrigin) -> tuple[ExperimentId, str, RevisionId]:
    return origin.experiment, origin.arm, origin.revision


def _processor_seconds(*processes: psutil.Process) -> list[float]:
    return [sum(process.cpu_times()[:2]) for process in processes]
