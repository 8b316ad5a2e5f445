"""What an experiment's second arm costs the collector, live: processor and memory, paired against steady.

The real supervised collector scrapes the load profile `realistic` every second and sends to an OTLP endpoint; the same
host runs its steady config and a paired one in turns, so that a busy machine slows both. The ratio is the collector's
own use, by the kernel's counters of its process and by what it reports itself.
"""

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.parts.live import Live, live, load_words, production

from phoenix.client.pipelines import Pipelines
from phoenix.collector.catalogue import registry

BASELINE = "process-baseline-v1"
# A collector that has just started compiles its config and fills its caches.
SETTLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Use:
    """What the collector used for a while.

    Attributes:
        cpu: percent of a core.
        memory: resident, MiB, the mean of a look a second.
    """

    cpu: float
    memory: float


def main(arguments: list[str]) -> None:
    """Print medians of both configs and their ratio, beside what the server says of the same experiments."""
    parser = argparse.ArgumentParser(prog="experiment", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20, help="to watch each config, each time")
    parser.add_argument("--interval", default="1s", help="between scrapes")
    parser.add_argument("--candidate", default="process-priority-filter-v1", help="a template of the catalogue")
    options = parser.parse_args(arguments)
    parameters = {"interval": options.interval, "destination": "otlp"}
    with production() as url:
        environment = {"OTLP_ENDPOINT": url, "OTLP_AUTHORIZATION": "none"}
        config = registry.render(BASELINE, parameters).text
        with live(config, environment=environment, OWN_METRICS_INTERVAL="2s", WINDOW="5s") as plane:
            with plane.plane.connection() as connection:
                versions = [
                    str(Pipelines(connection).render(name, parameters)["reference"])
                    for name in (BASELINE, options.candidate)
                ]
            steady, paired, said = _alternate(plane, versions, options)
    print(f"scrapes every {options.interval}, {options.repeats} repeats of {options.seconds:g} s each; {load_words()}")
    print(f"{options.candidate} beside {BASELINE}")
    print(f"{'median (least - most)':<44}{'steady':>24}{'paired':>24}{'ratio':>8}")
    _row("processor, % of a core (kernel)", [it.cpu for it in steady], [it.cpu for it in paired])
    _row("resident memory, MiB (kernel)", [it.memory for it in steady], [it.memory for it in paired])
    _row("processor, % of a core (own metrics)", *_said(said, "cpu_percent", 1))
    _row("resident memory, MiB (own metrics)", *_said(said, "memory_bytes", 2**20))


def _alternate(
    plane: Live, versions: list[str], options: argparse.Namespace
) -> tuple[list[Use], list[Use], list[dict[str, Any]]]:
    steady, paired, said = [], [], []
    for _ in range(options.repeats):
        steady.append(_use(plane, options.seconds))
        experiment = plane.begin(*versions)
        paired.append(_use(plane, options.seconds))
        said.append(plane.plane.comparison(experiment)["collector"])
        plane.end(experiment)
    return steady, paired, said


def _use(plane: Live, seconds: float) -> Use:
    time.sleep(SETTLE_SECONDS)
    process = plane.collector()
    begun, used, memory = time.monotonic(), sum(process.cpu_times()[:2]), []
    while time.monotonic() - begun < seconds:
        time.sleep(1)
        memory.append(process.memory_info().rss)
    cpu = (sum(process.cpu_times()[:2]) - used) / (time.monotonic() - begun)
    return Use(100 * cpu, statistics.mean(memory) / 2**20)


def _said(said: list[dict[str, Any]], name: str, unit: float) -> tuple[list[float], list[float]]:
    return tuple([one[when][name] / unit for one in said] for when in ("before", "during"))  # type: ignore[return-value]


def _row(words: str, steady: list[float], paired: list[float]) -> None:
    ratio = statistics.median(paired) / statistics.median(steady)
    print(f"{words:<44}{_range(steady):>24}{_range(paired):>24}{ratio:>7.2f}x")


def _range(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} - {max(values):.2f})"
