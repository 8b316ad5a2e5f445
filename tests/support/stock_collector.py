"""The collector binary as its makers ship it, fed over OTLP/HTTP and read from a file; no part of Phoenix between."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from ruamel.yaml import YAML

from phoenix.collector.binary import child

_START_SECONDS = 60
_QUIET: Mapping[str, Any] = {"metrics": {"level": "none"}}


def through(
    binary: Path, folder: Path, text: str, requests: Callable[[int], Iterable[ExportMetricsServiceRequest]]
) -> list[ExportMetricsServiceRequest]:
    """Return what the exporters of the config's one pipeline get when its receivers get `requests`, one by one.

    `requests` is called with the time in nanoseconds at which the collector was ready, so that what it makes can be
    older or younger than the collector. batch is taken out: it would join requests.
    """
    config = YAML(typ="safe").load(text)
    port = _free_port()
    pipeline = config["service"]["pipelines"]["metrics"]
    pipeline["receivers"], pipeline["exporters"] = ["otlp"], ["file"]
    pipeline["processors"] = [name for name in pipeline["processors"] if name != "batch"]
    config["receivers"] = {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{port}"}}}}
    with _running(binary, folder, config) as output:
        _wait_for(port)
        for request in requests(time.time_ns()):
            _post(port, request)
    return _read(output)


def scraping(
    binary: Path, folder: Path, text: str, while_running: Callable[[], None]
) -> list[ExportMetricsServiceRequest]:
    """Return the scrapes that the config's own receivers make while `while_running` runs."""
    config = YAML(typ="safe").load(text)
    config["service"]["pipelines"]["metrics"]["exporters"] = ["file"]
    with _running(binary, folder, config) as output:
        while_running()
    return _read(output)


def refusal(binary: Path, folder: Path, text: str, environment: Mapping[str, str]) -> str:
    """Return what the binary's own validation says against a config; empty when it accepts it."""
    path = folder / "config.yaml"
    path.write_text(text)
    done = subprocess.run(
        [binary, "validate", "--config", path], capture_output=True, text=True, env=dict(environment), check=False
    )
    return done.stderr if done.returncode else ""


@contextmanager
def _running(binary: Path, folder: Path, config: dict[str, Any]) -> Iterator[Path]:
    output, path = folder / "out.jsonl", folder / "running.yaml"
    output.unlink(missing_ok=True)
    config["exporters"] = {"file": {"path": str(output), "format": "json", "flush_interval": "100ms"}}
    config["service"]["telemetry"] = _QUIET
    path.write_text(json.dumps(config))
    with (folder / "collector.log").open("w") as log:
        process = subprocess.Popen(
            child.tethered(binary, "--config", str(path)), stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield output
        finally:
            # Waits until it listens for the signal: a moment after it says that it is ready.
            child.stop(process, patience_seconds=30)
            status = process.returncode
    assert status == 0, (folder / "collector.log").read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the collector did not start"
            time.sleep(0.02)
        else:
            return


def _post(port: int, request: ExportMetricsServiceRequest) -> None:
    url = f"http://127.0.0.1:{port}/v1/metrics"
    headers = {"content-type": "application/x-protobuf"}
    post = urllib.request.Request(url, data=request.SerializeToString(), headers=headers)  # our own port
    with urllib.request.urlopen(post, timeout=30) as answer:  # noqa: S310 # our own port
        answer.read()


def _read(path: Path) -> list[ExportMetricsServiceRequest]:
    # Text may hold other line ends than that of a line.
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [json_format.Parse(line, ExportMetricsServiceRequest()) for line in lines]
