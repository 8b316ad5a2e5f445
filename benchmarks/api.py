"""The API over a fleet of 10,000 hosts: how long answers take, against the same server's answer to `/livez`.

A real server process on SQLite, hosts enrolled beforehand with reports of their collectors; requests one after another
over one connection, then reads of one host while another caller lists the whole fleet.
"""

import argparse
import asyncio
import gc
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
from benchmarks.parts.enrolled import enrol_many
from benchmarks.parts.live import load_words
from sqlalchemy import insert, update
from tests.support.server import TestServer, a_server

from phoenix.collector.binary.find import find_collector
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.fleet.checking import BinaryChecker
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.tables import HostRow
from phoenix.control.identity.service import Identity
from phoenix.control.metering.stored.encoding import encode_reading
from phoenix.control.metering.tables import OwnReadingRow
from phoenix.core.clock import SystemClock
from phoenix.core.units import NANOSECONDS
from phoenix.settings.load import load_settings
from phoenix.store.database import Database
from phoenix.store.migrations.runner import upgrade

BASELINE, CANDIDATE = "process-baseline-v1", "process-priority-filter-v1"
READINGS = 3


def main(arguments: list[str]) -> None:
    """Print a line a request: median, 99th percentile and slowest answer, size, and the ratio to `/livez`."""
    parser = argparse.ArgumentParser(prog="api", description=__doc__)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--reads", type=int, default=500, help="requests of each read of one thing")
    parser.add_argument("--lists", type=int, default=10, help="requests of each that is about many hosts")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as name:
        folder = Path(name) / "server"
        folder.mkdir(mode=0o700)
        asyncio.run(_fill(folder / "phoenix.db", options.hosts))
        gc.disable()
        with a_server(folder, REQUESTS_PER_MINUTE="1000000") as server, _client(server) as client:
            print(f"{options.hosts:,} hosts on SQLite; {load_words()}")
            print(f"{'request':<52}{'median ms':>10}{'99th':>9}{'slowest':>9}{'kB':>9}{'x livez':>9}")
            _measure(server, client, options)


async def _fill(path: Path, count: int) -> None:
    clock = SystemClock()
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    await upgrade(database)
    own, now = load_settings(), clock.now()
    collector = find_collector(named=own.collector.binary, cache=own.cache_dir)
    fleet = Fleet(
        clock=clock,
        checker=BinaryChecker(Sandbox(collector.path)),
        compose=compose_steady,
        credentials=Identity(database, clock),
        endpoint=PhoenixEndpoint("http://127.0.0.1:8080"),
        pinned_version=collector.version,
    )
    # Heard a while ahead of now: no host is connected, and all must count as such until the benchmark ends.
    hosts = await enrol_many(database, fleet, count, now, last_seen=now + timedelta(hours=1))
    rows = []
    for back in range(READINGS):
        at = now - timedelta(seconds=60 * back)
        reading = OwnReading(
            time=int(at.timestamp() * NANOSECONDS),
            revision="rev",
            instance="one",
            uptime_seconds=1000.0 - 60 * back,
            cpu_seconds=10.0 - back,
            memory_bytes=10**8,
            receivers={"host_metrics": ReceiverCounts(accepted=100_000 - back)},
            exporters={"otlp_http/production": ExporterCounts(sent=100_000 - back)},
        )
        rows += [{"time": reading.time, "reading": encode_reading(reading), "written_at": at}]
    async with database.transaction() as session:
        desired = HostRow.desired
        await session.execute(update(HostRow).values(phase="proved", offered=desired, proved=desired, verified=desired))
        await session.execute(insert(OwnReadingRow), [{**row, "host_id": host.id} for host in hosts for row in rows])
    await database.close()


@contextmanager
def _client(server: TestServer) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=120) as client:
        yield client


def _measure(server: TestServer, client: httpx.Client, options: argparse.Namespace) -> None:
    def get(path: str) -> Callable[[int], httpx.Response]:
        return lambda number: client.get(path.format(host=f"host-{number * 7919 % options.hosts:05}"))

    def plan(selector: str) -> Callable[[int], httpx.Response]:
        wanted = {"baseline_pipeline": BASELINE, "candidate_pipeline": CANDIDATE, "allow_unmatched": True}
        body = {**wanted, "target_nodes": selector, "dry_run": True}
        return lambda _: client.post("/api/v1/experiments", json=body)

    floor = _row("GET /livez", get("/livez"), options.reads, None)
    for words, path in (
        ("hosts.get, by name", "/api/v1/hosts/{host}"),
        ("hosts.history", "/api/v1/hosts/{host}/history"),
        ("hosts.diagnose", "/api/v1/hosts/{host}/diagnosis"),
    ):
        _row(words, get(path), options.reads, floor)
    for words, selector in (("one by name", "name=host-00042"), ("a tenth, by label", "ring=3"), ("all", "")):
        _row(f"hosts.list, {words}", get(f"/api/v1/hosts?selector={selector}"), options.lists, floor)
    plan("name=host-00042")(0)
    for words, selector in (("one host", "name=host-00042"), ("a tenth", "ring=3"), ("all hosts", "")):
        _row(f"experiments.create, dry run, {words}", plan(selector), options.lists, floor)
    with _listing(server):
        _row("hosts.get, while another lists all again and again", get("/api/v1/hosts/{host}"), options.reads, floor)


def _row(words: str, ask: Callable[[int], httpx.Response], times: int, floor: float | None) -> float:
    took, size = [], 0
    for number in range(times):
        begun = time.perf_counter()
        answer = ask(number)
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.is_success, f"{words}: {answer.status_code} {answer.text[:500]}"
        size = len(answer.content)
    median, slow = statistics.median(took), sorted(took)[min(times - 1, round(times * 0.99) - 1)]
    ratio = "" if floor is None else f"{median / floor:8.1f}x"
    print(f"{words:<52}{median:10.1f}{slow:9.1f}{max(took):9.1f}{size / 1000:9.1f}{ratio:>9}")
    return median


@contextmanager
def _listing(server: TestServer) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        with _client(server) as client:
            while not stop.is_set():
                client.get("/api/v1/hosts")

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
