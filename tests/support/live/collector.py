"""A real collector on a composed config, fed over OTLP/HTTP, and what its production exporter wrote."""

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from phoenix.collector.binary import child
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.importing import read_requests

READY = "Everything is ready"
_WAIT_SECONDS = 30


@dataclass
class LiveCollector:
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def log(self) -> str:
        return (self.folder / "collector.log").read_text()

    @property
    def written(self) -> list[bytes]:
        """The requests in the production exporter's file that are whole by now."""
        found: list[bytes] = []
        with suppress(TelemetryInvalidError):
            found.extend(read_requests(production_file(self.folder)))
        return found

    def wait_for_written(self, count: int) -> list[bytes]:
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(found := self.written) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} requests in the production file\n{self.log}"
            time.sleep(0.05)
        return found

    def stop(self) -> None:
        child.stop(self.process, patience_seconds=60)
        assert self.process.returncode == 0, self.log


def production_file(folder: Path) -> Path:
    return folder / "production.jsonl"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def live_collector(binary: Path, folder: Path, text: str, *, configs: Sequence[Path] = ()) -> Iterator[LiveCollector]:
    """Run the collector on `text`, or on `configs`, until the block ends; killed when it does not stop in order."""
    folder.mkdir(exist_ok=True)
    (folder / "config.yaml").write_text(text)
    arguments = [argument for path in configs or [folder / "config.yaml"] for argument in ("--config", str(path))]
    with (folder / "collector.log").open("wb") as log:
        process = subprocess.Popen(
            child.tethered(binary, *arguments),
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PHOENIX_TOKEN": "secret"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    live = LiveCollector(process, folder)
    try:
        deadline = time.monotonic() + _WAIT_SECONDS
        while READY not in live.log:
            assert process.poll() is None, live.log
            assert time.monotonic() < deadline, live.log
            time.sleep(0.02)
        yield live
    finally:
        child.stop(process, patience_seconds=60)


def send(port: int, requests: Sequence[bytes], *, timeout: float = _WAIT_SECONDS) -> list[int]:
    """Return the status of each request, sent one after another over one connection as an exporter without retries."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    statuses = []
    try:
        for request in requests:
            connection.request("POST", "/v1/metrics", request, {"Content-Type": "application/x-protobuf"})
            with connection.getresponse() as response:
                response.read()
                statuses.append(response.status)
    finally:
        connection.close()
    return statuses
