"""How long it takes to read a config and to validate it, without and with the real binary, by size."""

import argparse
import time
from collections.abc import Callable
from functools import partial

from phoenix.collector.binary.build import build
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.service import validate
from phoenix.settings.load import load_settings

PART = """\
  filter/{0}:
    error_mode: propagate
    metrics:
      datapoint: ['metric.name == "process.threads" and value_int < {0}']
"""


def config(processors: int) -> str:
    """Return a config with this many filters in one pipeline."""
    names = ", ".join(f"filter/{number}" for number in range(processors))
    lines = ["receivers: {otlp: {protocols: {grpc: }}}", "processors:"]
    lines += ["  memory_limiter: {check_interval: 1s, limit_mib: 200}"]
    lines += [PART.format(number).rstrip() for number in range(processors)]
    lines += ["exporters: {nop: }", "service:", "  pipelines:"]
    lines += [f"    metrics: {{receivers: [otlp], processors: [memory_limiter, {names}], exporters: [nop]}}", ""]
    return "\n".join(lines)


def best_milliseconds(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the shortest of some runs: the least disturbed one."""
    durations = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        durations.append(time.perf_counter() - began)
    return min(durations) * 1000


def main(arguments: list[str]) -> None:
    """Print a line for each size: lines of YAML, and milliseconds of each step."""
    parser = argparse.ArgumentParser(prog="validation", description=__doc__)
    parser.add_argument("--filters", type=int, nargs="+", default=[5, 50, 500])
    options = parser.parse_args(arguments)
    sandbox = Sandbox(build(load_settings().cache_dir).collector)
    print(f"{'lines':>7}{'read ms':>10}{'without binary ms':>20}{'with binary ms':>17}")
    for filters in options.filters:
        text = config(filters)
        assert validate(text, "c.yaml", sandbox=sandbox).findings == ()
        read = best_milliseconds(partial(ConfigDocument.parse, text))
        alone = best_milliseconds(partial(validate, text, "c.yaml"))
        asked = best_milliseconds(partial(validate, text, "c.yaml", sandbox=sandbox))
        print(f"{len(text.splitlines()):>7,}{read:>10.1f}{alone:>20.1f}{asked:>17.1f}")
