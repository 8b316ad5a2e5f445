"""Made-up scrapes of processes with known lives, as OTLP requests: births, exits, pauses, clocks set back.

They look like the process scraper's: one resource a process, each with a time of its own, cumulative counters that
start with the process. For tests that need what real processes seldom do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, NumberDataPoint, ScopeMetrics

SECOND = 1_000_000_000
_CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE


@dataclass
class Life:
    """A process while it runs; counters only rise, the rest is drawn anew at each scrape."""

    pid: int
    name: str
    start: int
    command: str = "run"
    cpu_seconds: float = 0.0
    read_bytes: int = 0
    seen: int = 0

    def age(self, random: Random, seconds: float) -> tuple[float, int]:
        """Let it run, and return what fraction of the host it used and its memory in bytes."""
        fraction = random.choice((0.0, 0.001, 0.01, 0.3)) * random.random()
        self.cpu_seconds += fraction * seconds
        self.read_bytes += random.randrange(0, 10_000)
        self.seen += 1
        return fraction, random.choice((2**20, 2**24, 2**29)) + random.randrange(1000)


def key_value(key: str, value: str | int) -> KeyValue:
    """Return an OTLP attribute."""
    attribute = KeyValue(key=key)
    if isinstance(value, int):
        attribute.value.int_value = value
    else:
        attribute.value.string_value = value
    return attribute


def scrape(
    processes: Iterable[tuple[Life, float, int]], time: int, *, step: int = 1_000_000
) -> ExportMetricsServiceRequest:
    """Return one request with these processes (life, CPU fraction, memory), each read `step` ns after the last."""
    request = ExportMetricsServiceRequest()
    for place, (life, fraction, memory) in enumerate(processes):
        resource = request.resource_metrics.add(schema_url="https://opentelemetry.io/schemas/1.38.0")
        resource.resource.attributes.extend(
            [
                key_value("process.pid", life.pid),
                key_value("process.parent_pid", 1),
                key_value("process.executable.name", life.name),
                key_value("process.executable.path", f"/usr/bin/{life.name}" if life.command else ""),
                key_value("process.command", life.command),
                key_value("process.owner", "root"),
                key_value("host.name", "made-up"),
            ]
        )
        scope = resource.scope_metrics.add()
        scope.scope.name, scope.scope.version = "scraper/process", "0.160.0"
        _metrics(scope, life, fraction, memory, time + place * step)
    return request


def history(
    seed: int, first: int, *, scrapes: int = 12, interval: float = 5.0, clock_back_at: int | None = None
) -> Iterator[ExportMetricsServiceRequest]:
    """Yield the scrapes of a busy host from time `first` on, the same for the same seed.

    Old processes began before, others are born and end between scrapes; intervals vary, and before scrape
    `clock_back_at` the clock is set back by most of an hour. Critical names are db and web.
    """
    random = Random(seed)
    names = ("db", "web", "worker", "worker", "worker", "cron-job", "helper", "sh", "kworker/0:1")
    lives = [_born(random, pid, random.choice(names), first - (3600 + pid) * SECOND) for pid in range(100, 130)]
    lives += [_born(random, 90, "db", first - 9000 * SECOND), _born(random, 91, "web", first - 9000 * SECOND)]
    now, pid = first, 1000
    for number in range(scrapes):
        if number == clock_back_at:
            now -= 3000 * SECOND
        shown = [(life, *life.age(random, interval)) for life in lives]
        random.shuffle(shown)
        yield scrape(shown, now, step=random.choice((1000, 1_000_000, 60_000_000)))
        gap = int(interval * random.choice((0.9, 1.0, 1.0, 2.5)) * SECOND)
        lives = [life for life in lives if life.name == "db" or random.random() > 0.12]
        for _ in range(random.randrange(6)):
            pid += 1
            lives.append(_born(random, pid, random.choice(names), now + gap // 2 + pid))
        now += gap


def _born(random: Random, pid: int, name: str, start: int) -> Life:
    return Life(
        pid,
        name,
        start,
        "" if name.startswith("kworker") else f"/usr/bin/{name}",
        random.random(),
        random.randrange(999),
    )


def _metrics(scope: ScopeMetrics, life: Life, fraction: float, memory: int, time: int) -> None:
    def point(metric: Metric, value: float, **attributes: str) -> None:
        kind = getattr(metric, metric.WhichOneof("data") or "sum")
        added: NumberDataPoint = kind.data_points.add(start_time_unix_nano=life.start, time_unix_nano=time)
        added.attributes.extend(key_value(key, text) for key, text in attributes.items())
        if isinstance(value, int):
            added.as_int = value
        else:
            added.as_double = value

    shares = {"user": 0.7, "system": 0.2, "wait": 0.1}
    cpu = scope.metrics.add(name="process.cpu.time", unit="s")
    cpu.sum.aggregation_temporality, cpu.sum.is_monotonic = _CUMULATIVE, True
    for state, share in shares.items():
        point(cpu, life.cpu_seconds * share, state=state)
    if life.seen > 1:
        utilization = scope.metrics.add(name="process.cpu.utilization", unit="1")
        utilization.gauge.SetInParent()
        for state, share in shares.items():
            point(utilization, fraction * share, state=state)
    disk = scope.metrics.add(name="process.disk.io", unit="By")
    disk.sum.aggregation_temporality, disk.sum.is_monotonic = _CUMULATIVE, True
    point(disk, life.read_bytes, direction="read")
    point(disk, life.read_bytes // 3, direction="write")
    usage = scope.metrics.add(name="process.memory.usage", unit="By")
    usage.sum.aggregation_temporality = _CUMULATIVE
    point(usage, memory)
    uptime = scope.metrics.add(name="process.uptime", unit="s")
    uptime.gauge.SetInParent()
    point(uptime, (time - life.start) / SECOND)
