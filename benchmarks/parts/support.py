"""Captures for benchmarks: many processes, scraped as the process scraper does it, and a line of figures."""

import time
from collections.abc import Callable, Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import ScopeMetrics

POINTS_PER_PROCESS = 17

_FIRST = 1_790_000_000 * 10**9
_INTERVAL = 10 * 10**9
_SCOPE = (
    "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/"
    "internal/scraper/processscraper"
)
# Name, unit, sum or gauge, monotonic, attribute and its values.
_METRICS = (
    ("process.cpu.time", "s", "sum", True, ("state", ("user", "system", "wait"))),
    ("process.cpu.utilization", "1", "gauge", False, ("state", ("user", "system", "wait"))),
    ("process.disk.io", "By", "sum", True, ("direction", ("read", "write"))),
    ("process.memory.usage", "By", "sum", False, None),
    ("process.memory.virtual", "By", "sum", False, None),
    ("process.threads", "{threads}", "sum", False, None),
    ("process.open_file_descriptors", "{count}", "sum", False, None),
    ("process.paging.faults", "{faults}", "sum", True, ("type", ("major", "minor"))),
    ("process.context_switches", "{count}", "sum", True, ("type", ("involuntary", "voluntary"))),
    ("process.uptime", "s", "gauge", False, None),
)


def process_like(processes: int, scrapes: int, names: Sequence[str] = ()) -> list[bytes]:
    """Return one request a scrape: a resource for each process, with 17 points, as the process scraper makes them.

    Processes take the `names` of their executables in turns; without any they are forty services.
    """
    requests = []
    for scrape in range(scrapes):
        request = ExportMetricsServiceRequest()
        for pid in range(processes):
            resource = request.resource_metrics.add(schema_url="https://opentelemetry.io/schemas/1.9.0")
            name = names[pid % len(names)] if names else f"service-{pid % 40}"
            for key, value in (
                ("process.executable.name", name),
                ("process.executable.path", f"/usr/bin/{name}"),
                ("process.command", f"/usr/bin/{name}"),
                ("process.command_line", f"/usr/bin/{name} --port=*** --data=*** {pid}"),
                ("process.owner", "service"),
                ("host.name", "host-1"),
            ):
                resource.resource.attributes.add(key=key).value.string_value = value
            for key, number in (("process.pid", 1000 + pid), ("process.parent_pid", 1)):
                resource.resource.attributes.add(key=key).value.int_value = number
            _fill(resource.scope_metrics.add(), pid, scrape)
        requests.append(request.SerializeToString(deterministic=True))
    return requests


def _fill(scope: ScopeMetrics, pid: int, scrape: int) -> None:
    scope.scope.name, scope.scope.version = _SCOPE, "0.160.0"
    for name, unit, kind, monotonic, attribute in _METRICS:
        metric = scope.metrics.add(name=name, unit=unit, description=f"What {name} says.")
        if kind == "sum":
            metric.sum.aggregation_temporality = 2  # type: ignore[assignment]
            metric.sum.is_monotonic = monotonic
        points = metric.sum.data_points if kind == "sum" else metric.gauge.data_points
        for value in attribute[1] if attribute else ("",):
            point = points.add(
                start_time_unix_nano=_FIRST - pid * 10**9, time_unix_nano=_FIRST + scrape * _INTERVAL + pid * 1000
            )
            if unit in ("s", "1"):
                point.as_double = scrape * 0.37 + pid
            else:
                point.as_int = scrape * 4096 + pid
            if attribute:
                point.attributes.add(key=attribute[0]).value.string_value = value


def best_seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest of several runs: what the work takes when nothing else runs."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best
