"""A control plane for fault tests: a real server process on fixed ports, killed and started again at will."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.support.live.collector import free_port
from tests.support.server import TestServer, a_server

from phoenix.client.connection import Connection
from phoenix.client.experiments import ENDED, Experiments
from phoenix.client.hosts import Hosts
from phoenix.client.pipelines import Pipelines

State = dict[str, Any]
Seen = TypeVar("Seen")
# Of collectors about themselves; fast, so that a fault and its end are seen soon.
OWN_METRICS = "1s"
_WAIT_SECONDS = 120.0
_LOOK_SECONDS = 0.2


@dataclass
class Plane:
    """A server that tests may break.

    Attributes:
        folder: its data; survives every restart.
        port, grpc_port: the same after every restart, since hosts know them.
        settings: of the server, besides: `WINDOW="5s"`.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    grpc_port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)
    _server: TestServer | None = None

    @property
    def server(self) -> TestServer:
        assert self._server is not None, "the server does not run"
        return self._server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to find this server."""
        return {**self.server.environment, "PHOENIX_API_URL": self.url}

    def start(self) -> None:
        ports = {"PORT": str(self.port), "GRPC_PORT": str(self.grpc_port)}
        settings = {"OWN_METRICS_INTERVAL": OWN_METRICS, **self.settings, **ports}
        self._server = self._running.enter_context(a_server(self.folder, **settings))

    def stop(self) -> None:
        """End it in order."""
        self._running.close()
        self._server = None

    def kill(self) -> None:
        """End it as a crash does: nothing that it held in memory is written."""
        self.server.server.process.send_signal(signal.SIGKILL)
        self.server.server.process.wait()
        self.stop()

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        with Connection(self.url, self.server.token) as connection:
            yield connection

    # What tests ask of it.

    def host(self, name: str) -> State:
        with self.connection() as connection:
            return Hosts(connection).get(name)

    def history(self, name: str) -> list[State]:
        with self.connection() as connection:
            return Hosts(connection).history(name)

    def diagnosis(self, name: str) -> State:
        with self.connection() as connection:
            return Hosts(connection).diagnose(name)

    def enrol(self, name: str, config: str, *, again: bool = False) -> State:
        with self.connection() as connection:
            return Hosts(connection).enrol(name, {"app": "test"}, config, again=again)

    def store(self, name: str, text: str) -> str:
        """Store a pipeline and return the reference of the version."""
        with self.connection() as connection:
            return str(Pipelines(connection).store(name, text)["reference"])

    def experiment(self, **wanted: Any) -> str:
        """Start an experiment and return its id."""
        body = {"target_nodes": "app=test", "allow_unmatched": True, "warm_up": 1, "start": True, **wanted}
        with self.connection() as connection:
            return str(Experiments(connection).create(body)["experiment"]["id"])

    def status(self, experiment: str) -> State:
        with self.connection() as connection:
            return Experiments(connection).status(experiment)

    def windows(self, experiment: str) -> list[State]:
        with self.connection() as connection:
            return Experiments(connection).metrics(experiment)

    def comparison(self, experiment: str) -> State:
        with self.connection() as connection:
            return Experiments(connection).compare(experiment)

    def stop_experiment(self, experiment: str, reason: str = "enough") -> State:
        with self.connection() as connection:
            return Experiments(connection).stop(experiment, reason)

    # What tests wait for.

    def until_phase(self, experiment: str, *phases: str, seconds: float = _WAIT_SECONDS) -> State:
        """Return the status once the experiment is in one of the phases; any end counts where none is named."""
        wanted = phases or tuple(ENDED)

        def seen() -> State | None:
            status = self.status(experiment)
            assert status["phase"] in wanted or status["phase"] not in ENDED, status
            return status if status["phase"] in wanted else None

        return eventually(seen, f"{experiment} in {wanted}", seconds=seconds, otherwise=lambda: self.status(experiment))

    def until_proved(self, name: str, *, seconds: float = _WAIT_SECONDS) -> State:
        """Return the host once telemetry proves what it should run."""

        def seen() -> State | None:
            host = self.host(name)
            return host if host["verified"] and host["proved"] == host["desired"] else None

        return eventually(seen, f"{name} proved", seconds=seconds, otherwise=lambda: self.diagnosis(name))

    def until_ails(self, name: str, ailment: str, *, seconds: float = _WAIT_SECONDS) -> State:
        """Return the diagnosis once the host suffers from this."""

        def seen() -> State | None:
            diagnosis = self.diagnosis(name)
            return diagnosis if diagnosis["ailment"] == ailment else None

        return eventually(seen, f"{name}: {ailment}", seconds=seconds, otherwise=lambda: self.diagnosis(name))


def eventually(
    look: Callable[[], Seen | None],
    what: str,
    *,
    seconds: float = _WAIT_SECONDS,
    otherwise: Callable[[], object] = lambda: "",
) -> Seen:
    """Return what `look` gives once it gives something."""
    deadline = time.monotonic() + seconds
    while (seen := look()) is None:
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}; {otherwise()}"
        time.sleep(_LOOK_SECONDS)
    return seen
