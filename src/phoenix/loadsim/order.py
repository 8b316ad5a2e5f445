"""What passes between the process that starts a simulation and its supervisor: the order, the answer, the state file.

Standard library only (see `fields`).
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from phoenix.loadsim.profile import Profile

STATE_FILE = "loadsim.json"
LOCK_FILE = "loadsim.lock"
# What the starter says once it has the answer; without it the supervisor ends.
GO_ON = b"go on\n"


@dataclass(frozen=True, slots=True)
class Order:
    """What the supervisor is to do; sent as one JSON line to its standard input.

    Attributes:
        profile: what to run.
        folder: absolute; where the state file lives.
        duration_seconds: how long; None means until it is stopped.
        starter: pid of the process that starts the simulation and is to take it along when it ends, also by standard
            input coming to its end; None means that the simulation outlives it.
        seed: of everything drawn by chance.
    """

    profile: Profile
    folder: str
    duration_seconds: float | None = None
    starter: int | None = None
    seed: int = 0

    def to_line(self) -> bytes:
        """Return the order as one line."""
        return json.dumps({**asdict(self), "profile": self.profile.as_mapping()}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return the order that `to_line` made."""
        data = json.loads(line)
        return cls(**{**data, "profile": Profile.from_mapping(data["profile"])})


@dataclass(frozen=True, slots=True)
class SimulationState:
    """What a supervisor says of its simulation, once a second.

    Attributes:
        profile: its name.
        pid: of the supervisor.
        start_time: of the supervisor, in clock ticks since boot: with `boot` it says that a pid is still the same.
        boot: id of the machine's boot.
        started_at: when, in RFC 3339, UTC.
        ends_at: when it will end by itself, or "".
        seconds: since all lasting processes were ready, when this was said.
        processes: simulated processes that run now.
        starts: processes started so far, the lasting ones included.
        replaced: lasting processes that died and were started again.
        failed_starts: starts that the system refused.
    """

    profile: str
    pid: int
    start_time: int
    boot: str
    started_at: str
    ends_at: str
    seconds: float = 0.0
    processes: int = 0
    starts: int = 0
    replaced: int = 0
    failed_starts: int = 0

    def to_json(self) -> str:
        """Return the state as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Return the state that JSON data hold.

        Raises:
            TypeError: a key is unknown or missing.
        """
        return cls(**data)

    def write(self, folder: Path) -> None:
        """Put the state file in `folder`, whole or not at all."""
        fresh = folder / f"{STATE_FILE}.{os.getpid()}"
        fresh.write_text(self.to_json(), encoding="utf-8")
        fresh.replace(folder / STATE_FILE)
