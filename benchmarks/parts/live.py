"""A real server with one real host, for benchmarks of what a user waits for and pays on a collector."""

import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import psutil
from tests.support.plane.plane import Plane

from phoenix.collector.binary.find import find_collector, find_supervisor
from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.model import SupervisedHost
from phoenix.collector.supervised.running import RunningSupervisor, running_supervisor
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.settings.load import load_settings

HOST: Final = "host-1"
# More than any benchmark waits for: it stops its experiments itself.
_MANY_WINDOWS: Final = 500


@dataclass(frozen=True)
class Live:
    """A server and a host whose config is proved.

    Attributes:
        plane: the server.
        running: the supervisor.
    """

    plane: Plane
    running: RunningSupervisor

    def collector(self) -> psutil.Process:
        """Return the process of the collector, which a config may have replaced."""
        pid = self.running.collector_pid
        assert pid is not None, "the collector is gone"
        return psutil.Process(pid)

    def history(self) -> list[dict[str, Any]]:
        """Return the events of the host, oldest first."""
        return self.plane.history(HOST)

    def begin(self, baseline: str, candidate: str) -> str:
        """Start an experiment of two references, wait until its config is proved, and return its id."""
        experiment = self.plane.experiment(
            baseline_pipeline=baseline, candidate_pipeline=candidate, windows=_MANY_WINDOWS
        )
        self.plane.until_phase(experiment, "running", seconds=300)
        return experiment

    def end(self, experiment: str) -> None:
        """Stop an experiment and wait until the host is back on its verified config."""
        self.plane.stop_experiment(experiment)
        self.plane.until_phase(experiment, seconds=300)
        self.plane.until_proved(HOST, seconds=300)


@contextmanager
def live(config: str, *, environment: Mapping[str, str] | None = None, **settings: str) -> Iterator[Live]:
    """Run server, supervisor and collector, beside the load of the profile `realistic`, until the block ends.

    Args:
        config: what the host is enrolled with.
        environment: variables for it.
        settings: of the server, such as `WINDOW="5s"`.
    """
    own = load_settings()
    collector = find_collector(named=own.collector.binary, cache=own.cache_dir).path
    supervisor = find_supervisor(named=own.collector.supervisor, cache=own.cache_dir).path
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as name:
        folder = Path(name)
        (folder / "load").mkdir()
        with start(find("realistic"), folder=folder / "load"):
            plane = Plane(folder / "server", settings)
            plane.start()
            try:
                credential = str(plane.enrol(HOST, config)["credential"])
                host = SupervisedHost(plane.url, credential, collector, supervisor, environment=environment or {})
                with running_supervisor(write_files(folder / "host", host)) as running:
                    plane.until_proved(HOST, seconds=300)
                    yield Live(plane, running)
            finally:
                plane.stop()


class _Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def production() -> Iterator[str]:
    """Give the address of an OTLP/HTTP endpoint that takes everything and keeps nothing."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Taking)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def load_words() -> str:
    """Return how busy the machine is, for the reader of figures."""
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
