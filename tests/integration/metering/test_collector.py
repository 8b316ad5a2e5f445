"""The real collector posts: over HTTP and gRPC, compressed, and what it says of itself."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.live.collector import free_port
from tests.support.metering.ingest import EXPERIMENT, HOST, REVISION

pytestmark = pytest.mark.anyio

WAIT_SECONDS = 60
AUTHORIZATION = {"authorization": f"Bearer {HOST}"}


@pytest.fixture
def database_kind():
    """What is stored is tested on both elsewhere."""
    return "sqlite"


def http_exporter(ports, arm, compression):
    return {
        "metrics_endpoint": f"http://127.0.0.1:{ports.http}/otlp/{EXPERIMENT}/{arm}/{REVISION}/v1/metrics",
        "headers": AUTHORIZATION,
        "compression": compression,
    }


def grpc_exporter(ports, arm, compression):
    stream = {"x-phoenix-experiment": EXPERIMENT, "x-phoenix-arm": arm, "x-phoenix-revision": REVISION}
    return {
        "endpoint": f"127.0.0.1:{ports.grpc}",
        "tls": {"insecure": True},
        "headers": {**AUTHORIZATION, **stream},
        "compression": compression,
    }


def config(ports, exporters):
    own = {
        "protocol": "http/protobuf",
        "endpoint": f"http://127.0.0.1:{ports.http}/otlp/own/v1/metrics",
        "headers": [{"name": "authorization", "value": AUTHORIZATION["authorization"]}],
    }
    scrapers = {"process": {"mute_process_all_errors": True}, "memory": {}}
    return {
        "receivers": {"host_metrics": {"collection_interval": "1s", "initial_delay": "0s", "scrapers": scrapers}},
        "processors": {"filter/x": {"metric_conditions": ['metric.name == "process.disk.io"']}},
        "exporters": exporters,
        "service": {
            "telemetry": {
                "resource": {"phoenix.revision": REVISION},
                "metrics": {
                    "level": "detailed",
                    "readers": [{"periodic": {"interval": 1000, "exporter": {"otlp": own}}}],
                },
            },
            "pipelines": {
                "metrics": {
                    "receivers": ["host_metrics"],
                    "processors": ["filter/x"],
                    "exporters": list(exporters),
                }
            },
        },
    }


@dataclass(frozen=True)
class Exporting:
    config: dict[str, Any]
    outcomes: Counter[tuple[str, str]]


class Running:
    def __init__(self, binary: Path, folder: Path, settings) -> None:
        self.path, self.log = folder / "config.json", folder / "collector.log"
        self.path.write_text(json.dumps(settings))
        self.binary = binary

    async def __aenter__(self):
        with self.log.open("w") as log:
            self.process = await asyncio.create_subprocess_exec(
                self.binary, "--config", self.path, stdout=log, stderr=log
            )
        return self

    async def __aexit__(self, *_):
        self.process.terminate()
        await self.process.wait()

    async def until(self, condition):
        deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
        while not condition():
            assert self.process.returncode is None, self.log.read_text()
            assert asyncio.get_running_loop().time() < deadline, self.log.read_text()
            await asyncio.sleep(0.05)


@pytest.fixture(params=["http none", "http gzip", "http zstd", "http deflate", "grpc none", "grpc gzip"])
def exporting(request, ports):
    kind, compression = request.param.split()
    make = http_exporter if kind == "http" else grpc_exporter
    exporters = {f"otlp_{kind}/{arm}": make(ports, arm, compression) for arm in ("baseline", "candidate")}
    return Exporting(config(ports, exporters), ports.receiver.counters.outcomes)


async def test_both_arms_of_a_stream_measure_alike(meter, database, collector_binary, tmp_path, exporting):
    async with Running(collector_binary, tmp_path, exporting.config) as running:
        await running.until(lambda: meter.counters.bodies >= 6)
    await meter.stop()
    async with database.read() as session:
        found = await meter.windows(session, EXPERIMENT)
    baseline, candidate = (
        [
            (window.start, window.points, window.otlp_bytes, window.series.hashes.tolist(), window.metrics)
            for (_, arm, _), window in found.items()
            if arm == wanted
        ]
        for wanted in ("baseline", "candidate")
    )
    assert baseline
    assert baseline == candidate
    assert {code for _, code in exporting.outcomes} <= {"200", "OK"}


async def test_a_collector_is_read_as_it_describes_itself(meter, ports, collector_binary, database, tmp_path):
    exporters = {
        "otlp_http/baseline": http_exporter(ports, "baseline", "gzip"),
        "otlp_http/dead": {
            "metrics_endpoint": f"http://127.0.0.1:{free_port()}/v1/metrics",
            "retry_on_failure": {"enabled": False},
        },
    }

    def told():
        reading = meter.latest_own(HOST)
        return reading is not None and reading.exporters.get("otlp_http/dead", _Nothing).send_failed > 0

    async with Running(collector_binary, tmp_path, config(ports, exporters)) as running:
        await running.until(told)
        reading = meter.latest_own(HOST)
        assert reading is not None
        await asyncio.sleep(1.5)
        later = meter.latest_own(HOST)
        assert later is not None
    assert reading.revision == REVISION
    assert reading.instance
    assert 0 < reading.uptime_seconds < later.uptime_seconds
    assert 0 < reading.began == later.began < later.time, "one start, whatever the clock does"
    assert reading.cpu_seconds > 0
    assert reading.memory_bytes > 10**7
    accepted = reading.receivers["host_metrics"]
    assert accepted.accepted > 0
    assert (accepted.refused, accepted.failed) == (0, 0)
    filtered = reading.processors["filter/x"]
    assert 0 < filtered.outgoing < filtered.incoming == accepted.accepted
    assert filtered.seconds > 0
    sent, dead = reading.exporters["otlp_http/baseline"], reading.exporters["otlp_http/dead"]
    assert (sent.sent > 0, sent.send_failed, sent.queue_capacity) == (True, 0, 1000)
    assert (dead.sent, dead.send_failed > 0) == (0, True)
    # Both are stored: the host is metered.
    async with database.read() as session:
        assert len(await meter.own_readings(session, HOST, 0)) >= 2
        assert await meter.own_readings(session, HOST, later.time + 1) in ([], [meter.latest_own(HOST)])


class _Nothing:
    send_failed = 0
