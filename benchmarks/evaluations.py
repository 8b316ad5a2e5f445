"""Evaluations per second: through the long-lived harness, and by starting the real binary each time."""

import argparse
import time

from tests.support.replay.process_requests import scrapes

from phoenix.collector.binary.build import build
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.evaluator import Evaluator
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.replay.stock import StockReplay
from phoenix.settings.load import load_settings
from phoenix.telemetry.capture import Capture

PIPELINES = {
    "no processor": ("", "{}"),
    "filter": (
        "filter",
        "{filter: {error_mode: propagate, metric_conditions: ['metric.name == \"process.cpu.time\"']}}",
    ),
    "delta, group, batch": (
        "cumulative_to_delta, groupbyattrs, batch",
        "{cumulative_to_delta: {initial_value: auto}, groupbyattrs: , batch: }",
    ),
}
TEXT = """
receivers: {{host_metrics: }}
processors: {1}
exporters: {{debug: }}
service: {{pipelines: {{metrics: {{receivers: [host_metrics], processors: [{0}], exporters: [debug]}}}}}}
"""


def main(arguments: list[str]) -> None:
    """Print a line a pipeline: evaluations per second either way, and the ratio."""
    parser = argparse.ArgumentParser(prog="evaluations", description=__doc__)
    parser.add_argument("--processes", type=int, default=100)
    parser.add_argument("--scrapes", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to measure each")
    options = parser.parse_args(arguments)
    programs = build(load_settings().cache_dir)
    capture = scrapes([5.0 * i for i in range(options.scrapes)], processes=options.processes)
    print(f"{len(capture.points):,} points in {options.scrapes} requests")
    print(f"{'pipeline':<22}{'harness/s':>10}{'binary/s':>10}{'ratio':>8}")
    with HarnessReplay(programs.harness) as harness:
        stock = StockReplay(programs.collector, harness.version)
        for name, (processors, definitions) in PIPELINES.items():
            document = ConfigDocument.parse(TEXT.format(processors, definitions))
            fast = rate(harness, document, capture, options.seconds)
            slow = rate(stock, document, capture, options.seconds)
            print(f"{name:<22}{fast:>10.1f}{slow:>10.1f}{fast / slow:>7.1f}x")


def rate(evaluator: Evaluator, document: ConfigDocument, capture: Capture, seconds: float) -> float:
    """Return evaluations per second, after one that is not counted."""
    evaluator.evaluate(document, capture)
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        evaluator.evaluate(document, capture)
        count += 1
    return count / (time.perf_counter() - begun)
