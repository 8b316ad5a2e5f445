"""The engine against the real collector: CPU-seconds for the same points, first result, scale and where time goes."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.parts.engine_child import document
from benchmarks.parts.stretched import process_capture

from phoenix.collector.binary.build import Built, build
from phoenix.collector.catalogue import registry
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.cost import measure_cpu
from phoenix.collector.record import shipped
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.measuring import measure_frame
from phoenix.settings.load import load_settings
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import diff
from phoenix.telemetry.storage import save

FILTERS = ("process-priority-filter-v1", "process-minimal-v1", "process-topk-v1")
FOLDING = ("process-adaptive-v1", "process-aggregated-v1", "process-intelligent-v1")
SCALE = (100_000, 500_000, 1_000_000, 5_000_000)
LARGE = 50_000_000
SMALL_REQUESTS = 25_000
SAME_POINTS = 100_000
FIRST_POINTS = 1_000_000
REFERENCE_CAPTURE = Path(shipped.__file__).parent / shipped.FOLDER
ROUNDS_FIRST = 3


def main(arguments: list[str]) -> None:
    """Print the ratios, then the first result, then what compiling takes, then the scale table."""
    parser = argparse.ArgumentParser(prog="./dev bench engine", description=__doc__)
    parser.add_argument("--points", type=int, default=5_000_000, help="of the capture that ratios are taken on")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many, on either side")
    parser.add_argument("--pipeline", action="append", help="only this one; may be given again")
    parser.add_argument("--scale-pipeline", default=FILTERS[0], help="of the scale table and the first result")
    parser.add_argument("--large", action="store_true", help="go up to 50 M points, which takes 16 GB")
    parser.add_argument("--only", choices=("ratios", "first", "cold", "scale"), help="one of the parts")
    options = parser.parse_args(arguments)
    if options.only in {None, "ratios"}:
        ratios(options.points, options.rounds, options.pipeline or [*FILTERS, *FOLDING])
    if options.only in {None, "first"}:
        first_result(options.scale_pipeline)
    if options.only in {None, "cold"}:
        cold(options.pipeline or [FILTERS[0], FILTERS[2], FOLDING[1]])
    if options.only in {None, "scale"}:
        scale(options.scale_pipeline, [*SCALE, *([LARGE] if options.large else [])])


def ratios(points: int, rounds: int, pipelines: list[str]) -> None:
    """Print what each pipeline costs the collector and the engine.

    `first` is the engine's first evaluation of the capture: it builds the indexes of the capture, which later
    evaluations, and later pipelines, find. The other figures are medians of evaluating the same config again: without
    the indexes, and with what the pools remember of changes they were asked for before. Where `first` is much larger
    than an index takes, as for pipelines that mark each process with its values, it is what a new config costs.
    """
    programs, capture = build(load_settings().cache_dir), process_capture(points)
    small = process_capture(SAME_POINTS)
    print(f"{len(capture.points):,} points in {len(capture.batches):,} requests, medians of {rounds}, CPU-seconds")
    print(
        f"{'pipeline':<28}{'collector':>10}{'engine':>10}{'ratio':>8}{'evaluate':>10}{'measure':>9}{'first':>8}  output"
    )
    for pipeline in pipelines:
        config = document(pipeline, small)
        same = _same_output(programs, config, small)
        engine = ColumnarEvaluator()
        measure_frame(engine.run(config, small))
        begun = time.process_time()
        measure_frame(engine.run(config, capture))
        first = time.process_time() - begun
        runs = [_engine_seconds(engine, config, capture) for _ in range(rounds)]
        evaluate, measure = (statistics.median(part) for part in zip(*runs, strict=True))
        mine = statistics.median(sum(run) for run in runs)
        theirs = statistics.median(_collector_seconds(programs, config, capture) for _ in range(rounds))
        figures = f"{theirs:>10.2f}{mine:>10.4f}{theirs / mine:>7.0f}x{evaluate:>10.4f}{measure:>9.4f}{first:>8.2f}"
        print(f"{pipeline:<28}{figures}  {'identical' if same else 'DIFFERS'}", flush=True)


def _engine_seconds(engine: ColumnarEvaluator, config: ConfigDocument, capture: Capture) -> tuple[float, float]:
    begun = time.process_time()
    frame = engine.run(config, capture)
    evaluated = time.process_time()
    measure_frame(frame)
    return evaluated - begun, time.process_time() - evaluated


def _collector_seconds(programs: Built, config: ConfigDocument, capture: Capture) -> float:
    cost = measure_cpu(programs.collector, config, capture, min_cpu_seconds=0.001)
    return cost.seconds_per_million_points * len(capture.points) / 1e6


def _same_output(programs: Built, config: ConfigDocument, capture: Capture) -> bool:
    with HarnessReplay(programs.harness) as harness:
        expected = harness.evaluate(config, capture)
    return diff(expected, ColumnarEvaluator().evaluate(config, capture)).equal


def first_result(pipeline: str) -> None:
    """Print how long a stored capture takes to its first result, after imports, and what `phoenix whatif` takes whole.

    Modules are compiled to bytecode before, as an installation has them: without, the first result takes twice as long.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, config = Path(folder) / "capture", Path(folder) / f"{pipeline}.yaml"
        capture = process_capture(FIRST_POINTS)
        config.write_text(registry.render(pipeline, {}, capture=capture).text, encoding="utf-8")
        save(capture, path)
        runs = [_child(pipeline, str(path), bytecode=folder) for _ in range(ROUNDS_FIRST + 1)][1:]
        whole = {
            name: [_whatif(config, where, folder) for _ in range(ROUNDS_FIRST + 1)][1:]
            for name, where in (("the reference capture", REFERENCE_CAPTURE), (f"{FIRST_POINTS:,} points", path))
        }
    print(f"\nFirst result on {FIRST_POINTS:,} points, {pipeline}, best of {ROUNDS_FIRST} fresh processes")
    print(f"{'seconds':<40}{'wall':>8}{'CPU':>8}")
    for part in ("load", "answer", "together"):
        name = "evaluate and measure" if part == "answer" else part
        print(f"{name:<40}{min(run[part] for run in runs):>8.2f}{min(run[f'{part}_cpu'] for run in runs):>8.2f}")
    for name, spent in whole.items():
        wall, cpu = (min(part) for part in zip(*spent, strict=True))
        print(f"{f'phoenix whatif on {name}':<40}{wall:>8.2f}{cpu:>8.2f}")


def cold(pipelines: list[str]) -> None:
    """Print what the first `phoenix whatif` of a pipeline on a machine takes, which compiles, and a later one."""
    print("\nphoenix whatif on the reference capture, CPU-seconds: kernels compiled anew, and found")
    with tempfile.TemporaryDirectory() as folder:
        for pipeline in pipelines:
            config, kernels = Path(folder) / f"{pipeline}.yaml", str(Path(folder) / pipeline)
            text = registry.render(pipeline, {}, capture=shipped.shipped_capture()).text
            config.write_text(text, encoding="utf-8")
            _whatif(config, REFERENCE_CAPTURE, folder)
            spent = [_whatif(config, REFERENCE_CAPTURE, folder, kernels)[1] for _ in range(2)]
            print(f"{pipeline:<40}{spent[0]:>8.1f}{spent[1]:>8.1f}", flush=True)


def _whatif(config: Path, capture: Path, bytecode: str, kernels: str | None = None) -> tuple[float, float]:
    # Seconds and CPU-seconds of the whole command, from the start of its process.
    command = ["whatif", "-f", str(config), "-c", str(capture), "--evaluator", "columnar"]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", "from phoenix.cli.main import main; raise SystemExit(main())", *command],
        check=True,
        capture_output=True,
        env=_environment(bytecode) | ({"NUMBA_CACHE_DIR": kernels} if kernels else {}),
    )
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment(bytecode: str | None) -> dict[str, str]:
    if bytecode is None:
        return dict(os.environ)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(Path(bytecode) / "bytecode")}


def scale(pipeline: str, sizes: list[int]) -> None:
    """Print cost and memory by size, and for the same points in one request, in scrapes and in many small requests."""
    print(f"\n{pipeline} by size, CPU-milliseconds: first with indexes, then where the second one goes")
    print(
        f"{'points':>12}{'requests':>10}{'open':>7}{'first':>8}{'second':>8}{'MB more':>9}{'MB peak':>9}  of the second"
    )
    for points in sizes:
        for requests in (1, 0, SMALL_REQUESTS):
            found = _child(pipeline, str(points), str(requests))
            first, second = found["rounds"]
            parts = ", ".join(f"{name} {1e3 * seconds:.1f}" for name, seconds in second.items() if seconds >= 5e-5)
            dearest = max(first, key=first.__getitem__)
            parts += f"; {dearest} {1e3 * first[dearest]:.0f} of the first"
            size = f"{found['points']:>12,}{found['requests']:>10,}{1e3 * found['open']:>7.0f}"
            cost = f"{1e3 * sum(first.values()):>8.0f}{1e3 * sum(second.values()):>8.1f}{found['grown'] / 1e6:>9.0f}"
            cost += f"{found['peak'] / 1e6:>9.0f}"
            print(f"{size}{cost}  {parts}", flush=True)


def _child(*arguments: str, bytecode: str | None = None) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.parts.engine_child", *arguments]
    finished = subprocess.run(command, check=True, capture_output=True, text=True, env=_environment(bytecode))
    found: dict[str, Any] = json.loads(finished.stdout)
    return found
