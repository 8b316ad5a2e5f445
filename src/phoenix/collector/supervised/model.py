"""What a supervised collector on this machine needs, and the files it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TOKEN_VARIABLE: Final = "PHOENIX_TOKEN"  # noqa: S105 - the name of a variable, not a secret


@dataclass(frozen=True, slots=True)
class SupervisedHost:
    """A collector under the stock supervisor.

    Attributes:
        server_url: base of the Phoenix server, `http://...` or `https://...`.
        credential: by which the server knows this host.
        collector: the program that is supervised.
        supervisor: the supervisor's program.
        config_apply_seconds: how long after an offer the supervisor says that it is applied; what is not up by then it
            calls failed, though it may be live a moment later. Stopping a collector that has a slow candidate to
            finish takes up to ten seconds of it.
        orphan_poll_seconds: how long a collector may outlive a supervisor that was killed.
        environment: more variables for the configs it will be offered.
    """

    server_url: str
    credential: str = field(repr=False)
    collector: Path
    supervisor: Path
    config_apply_seconds: float = 3.0
    orphan_poll_seconds: float = 1.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SupervisorFiles:
    """The files of one supervised collector; all of them are this user's only.

    Attributes:
        folder: holds everything; one for each supervised collector.
        supervisor: the program that runs on them; reading logs needs none.
    """

    folder: Path
    supervisor: Path = Path("opampsupervisor")

    @property
    def config(self) -> Path:
        """What the supervisor reads."""
        return self.folder / "supervisor.yaml"

    @property
    def environment(self) -> Path:
        """Variables for both programs, the credential among them, as systemd's EnvironmentFile reads them."""
        return self.folder / "environment"

    @property
    def silent(self) -> Path:
        """A config by which a collector that was offered none opens no port for its own metrics."""
        return self.folder / "silent.yaml"

    @property
    def storage(self) -> Path:
        """The supervisor's own: instance uid, the last config received, the one in effect."""
        return self.folder / "storage"

    @property
    def effective(self) -> Path:
        """The config the collector runs, as the supervisor merged it."""
        return self.storage / "effective.yaml"

    @property
    def launcher(self) -> Path:
        """The script by which the supervisor starts the collector."""
        return self.folder / "collector.sh"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor says, a JSON object a line; of its last start only."""
        return self.folder / "supervisor.log"

    @property
    def collector_log(self) -> Path:
        """What its collectors say, the one after the other."""
        return self.folder / "collector.log"

    @property
    def lock(self) -> Path:
        """Held by whoever runs the supervisor."""
        return self.folder / "lock"
