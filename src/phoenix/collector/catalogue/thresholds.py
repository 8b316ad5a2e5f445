"""Thresholds of what is heavy, derived from a capture, and the count of what a pipeline kept.

A stateless collector cannot rank processes; two absolute thresholds stand for "the K heaviest".
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, ResourceMetrics

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.processes import EXECUTABLE_NAME

LEAST_CPU_FRACTION: Final = 0.0001
LEAST_MEMORY_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class KeptPerScrape:
    """How many processes a pipeline let through in a scrape."""

    minimum: int
    median: float
    maximum: int

    def as_dict(self) -> dict[str, float]:
        """Return the JSON form."""
        return {"minimum": self.minimum, "median": self.median, "maximum": self.maximum}


def derive_thresholds(capture: Capture, k: int) -> dict[str, float | int]:
    """Return `cpu_fraction` and `memory_bytes` that about `k` processes a scrape reach.

    CPU and memory are made comparable as shares of what all processes together use on average, and a process weighs as
    much as its greater share. Each scrape's k-th greatest weight is where a cut would keep k of it; the median over
    scrapes is the cut, turned back into both units. The first scrape, which has no CPU yet, counts only when there is
    no other. A capture without processes gives the least thresholds, which keep everything.
    """
    scrapes = list(_usage(capture))
    scrapes = [scrape for scrape in scrapes if any(cpu for cpu, _ in scrape)] or scrapes
    if not scrapes:
        return {"cpu_fraction": LEAST_CPU_FRACTION, "memory_bytes": LEAST_MEMORY_BYTES}
    all_cpu = sum(cpu for scrape in scrapes for cpu, _ in scrape) / len(scrapes) or 1.0
    all_memory = sum(memory for scrape in scrapes for _, memory in scrape) / len(scrapes) or 1.0
    cuts = []
    for scrape in scrapes:
        weights = sorted((max(cpu / all_cpu, memory / all_memory) for cpu, memory in scrape), reverse=True)
        cuts.append(weights[k - 1] if k <= len(weights) else 0.0)
    cut = median(cuts)
    return {
        "cpu_fraction": min(1.0, max(LEAST_CPU_FRACTION, _floor_to_millionths(cut * all_cpu))),
        "memory_bytes": max(LEAST_MEMORY_BYTES, int(cut * all_memory)),
    }


def kept_per_scrape(output: Capture) -> KeptPerScrape:
    """Return how many processes are in each request of `output`, which is one scrape as a pipeline let it through.

    A request that holds nothing is no scrape: some processors send one on, others do not.
    """
    counts: dict[int, int] = dict.fromkeys(output.resources.batch.tolist(), 0)
    is_process = [_executable(value) for value in _values(output)]
    for batch, value in zip(output.resources.batch.tolist(), output.resources.value.tolist(), strict=True):
        counts[batch] += is_process[value]
    numbers = sorted(counts.values()) or [0]
    return KeptPerScrape(numbers[0], median(numbers), numbers[-1])


def _usage(capture: Capture) -> Iterator[list[tuple[float, float]]]:
    """Yield for each request with processes the CPU fraction and the memory in bytes of each of them."""
    names = [Metric.FromString(value.as_py()).name for value in capture.metrics.values]
    cpu: dict[int, float] = defaultdict(float)
    memory: dict[int, float] = defaultdict(float)
    metrics, numbers = capture.metrics, capture.points.numbers().tolist()
    resource_of = capture.scopes.parent[metrics.parent].tolist()
    name_of = [names[value] for value in metrics.value.tolist()]
    for node, number in zip(capture.points.metric.tolist(), numbers, strict=True):
        if name_of[node] == "process.cpu.utilization":
            cpu[resource_of[node]] += number
        elif name_of[node] == "process.memory.usage":
            memory[resource_of[node]] += number
    scrapes: dict[int, list[tuple[float, float]]] = defaultdict(list)
    is_process = [_executable(value) for value in _values(capture)]
    for row, (batch, value) in enumerate(
        zip(capture.resources.batch.tolist(), capture.resources.value.tolist(), strict=True)
    ):
        if is_process[value]:
            scrapes[batch].append((cpu[row], memory[row]))
    yield from scrapes.values()


def _values(capture: Capture) -> Iterator[ResourceMetrics]:
    return (ResourceMetrics.FromString(value.as_py()) for value in capture.resources.values)


def _executable(value: ResourceMetrics) -> bool:
    return any(item.key == EXECUTABLE_NAME for item in value.resource.attributes)


def _floor_to_millionths(number: float) -> float:
    return int(number * 1e6) / 1e6
