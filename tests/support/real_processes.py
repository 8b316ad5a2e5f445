"""Real processes under names of our choice, some busy, some coming and going, and what the scraper says of them."""

import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

SECOND = 1_000_000_000
_WORK = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; read line"


class World:
    """Processes of ours; each name is a copy of a shell, since the kernel takes the name from the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, script: str = _WORK) -> subprocess.Popen[bytes]:
        """Start a process called `name`."""
        program = self._folder / name
        if not program.exists():
            shutil.copy(shutil.which("dash") or "/bin/sh", program)
        process = subprocess.Popen([program, "-c", script], stdin=subprocess.PIPE)
        self._running.append(process)
        return process

    def churn(self, name: str, seconds: float) -> None:
        """Keep a process called `name` for about a second each, one after another, for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            process = self.start(name)
            time.sleep(0.9)
            _end(process)

    def stop(self) -> None:
        """End all that is left."""
        for process in self._running:
            _end(process)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Give a world that ends with the block."""
    made = World(folder)
    try:
        yield made
    finally:
        made.stop()


def later(requests: Iterable[ExportMetricsServiceRequest], ready: int) -> list[ExportMetricsServiceRequest]:
    """Return a recording as if it began a second after `ready`; what began before the recording stays where it was."""
    copies = []
    for request in requests:
        copies.append(ExportMetricsServiceRequest())
        copies[-1].CopyFrom(request)
    points = [
        point
        for request in copies
        for resource in request.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in (metric.sum if metric.HasField("sum") else metric.gauge).data_points
    ]
    first = min(point.time_unix_nano for point in points)
    shift = ready + SECOND - first
    for point in points:
        if point.start_time_unix_nano >= first:
            point.start_time_unix_nano += shift
        point.time_unix_nano += shift
    return copies


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdin:
        process.stdin.close()
