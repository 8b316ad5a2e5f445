"""The real binary, run where it can do no harm: no files but its own, no network, little time, little memory.

Used for the binary's own `validate`, and to ask it for its components and defaults. A config names files, and what the
binary says of them would tell what is in them. Nothing of the user's environment goes in, nothing stays behind: the
folder is removed and the whole process group killed, whatever happens.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final

import psutil

from phoenix.collector.config.names import ComponentId, Kind
from phoenix.collector.config.pipelines import mapping
from phoenix.collector.config.types import ComponentTypes
from phoenix.collector.validate.binary_check import guard
from phoenix.collector.validate.binary_check.errors import SandboxUnavailableError

_CONFIGS: Final = ("--config", "file:config.yaml", "--config", "file:stand-ins.yaml")
_POLL_SECONDS: Final = 0.02
_OUTPUT_BYTES: Final = 1 << 20
_GO_HEAP_SHARE: Final = 0.6


class Killed(Enum):
    """Why the sandbox ended the binary."""

    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run in the sandbox came to.

    Attributes:
        status: the exit status; negative for a signal.
        output: what it wrote to standard output; `errors`: to standard error. Each at most 1 MiB.
        killed: why the sandbox ended it, or None when it ended by itself.
        peak_bytes: the most memory it was seen to use.
    """

    status: int
    output: str
    errors: str
    killed: Killed | None
    peak_bytes: int


@dataclass(frozen=True)
class Sandbox:
    """A collector binary and the limits it is run within.

    Attributes:
        binary: a collector.
        time_limit_seconds: after which it is killed. A check takes 0.1 s on an idle machine.
        memory_limit_bytes: of resident memory, looked at every 20 ms. A check takes about 60 MB.
        readable: files and folders that the binary may read, besides the system's programs and libraries.
    """

    binary: Path
    time_limit_seconds: float = 20.0
    memory_limit_bytes: int = 1 << 30
    readable: tuple[Path, ...] = ()
    _defaults: dict[tuple[Kind, str], Mapping[str, Any]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def types(self) -> ComponentTypes:
        """The components built into the binary.

        Raises:
            SandboxUnavailableError: it cannot be run.
            ComponentListError: its answer cannot be read.
        """
        return ComponentTypes.parse(self.run(["components"], {}, {}).output)

    def validate(self, config: str, stand_ins: str, environment: Mapping[str, str]) -> Outcome:
        """Return what the binary's own `validate` says of `config` with `stand_ins` merged over it.

        Raises:
            SandboxUnavailableError: the binary cannot be run.
        """
        return self.run(["validate", *_CONFIGS], {"config.yaml": config, "stand-ins.yaml": stand_ins}, environment)

    def effective(self, config: str, stand_ins: str, environment: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the settings the binary makes of a config it accepts, defaults included; empty if it does not say."""
        files = {"config.yaml": config, "stand-ins.yaml": stand_ins}
        return self._printed(_CONFIGS, files, environment)

    def _printed(
        self, configs: Sequence[str], files: Mapping[str, str], environment: Mapping[str, str]
    ) -> Mapping[str, Any]:
        arguments = ["print-config", "--validate=false", "--mode", "unredacted", "--format", "json", *configs]
        try:
            printed = json.loads(self.run(arguments, files, environment).output)
        except ValueError:
            return {}
        return printed if isinstance(printed, dict) else {}

    def defaults(self, kind: Kind, component: str) -> Mapping[str, Any]:
        """Return the settings that a component has when nothing is configured; empty when the binary does not say."""
        wanted = kind, ComponentId.parse(component).type
        if wanted not in self._defaults:
            config = json.dumps({kind.value: {wanted[1]: {}}})
            printed = self._printed(_CONFIGS[:2], {"config.yaml": config}, {})
            self._defaults[wanted] = mapping(mapping(printed.get(kind.value)).get(wanted[1]))
        return self._defaults[wanted]

    def run(self, arguments: Sequence[str], files: Mapping[str, str], environment: Mapping[str, str]) -> Outcome:
        """Return what the binary does with these arguments, in a folder with these files.

        Raises:
            SandboxUnavailableError: the binary cannot be run.
        """
        binary = self.binary.absolute()
        if not os.access(binary, os.X_OK) or not binary.is_file():
            raise SandboxUnavailableError(f"{self.binary} is not a program that can be run", binary=str(self.binary))
        with tempfile.TemporaryDirectory(prefix="phoenix-sandbox-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            for file, text in files.items():
                (folder / file).write_bytes(text.encode())
            inside = {**environment, "HOME": name, "TMPDIR": name, "GOTRACEBACK": "none"}
            inside["GOMEMLIMIT"] = str(int(self.memory_limit_bytes * _GO_HEAP_SHARE))
            start = {"environment": inside, "readable": [str(path) for path in self.readable]}
            (folder / "start.json").write_text(json.dumps(start), encoding="utf-8")
            outcome = self._run([str(binary), *arguments], folder)
            if not all((folder / file).exists() for file in files):
                raise SandboxUnavailableError(f"something removed {name} while the binary ran in it", folder=name)
        if outcome.status == guard.CANNOT_START and not outcome.killed:
            raise SandboxUnavailableError(outcome.errors.strip() or f"{self.binary} does not start")
        return outcome

    def _run(self, command: Sequence[str], folder: Path) -> Outcome:
        guarded = [sys.executable, "-I", "-S", guard.__file__, str(folder), *command]
        with (folder / "stdout").open("w+b") as stdout, (folder / "stderr").open("w+b") as stderr:
            process = subprocess.Popen(
                guarded,
                cwd=folder,
                env={"PHOENIX_GUARD_PARENT": str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            try:
                killed, peak = self._watch(process)
            finally:
                # Also when it ended by itself: it may have left children.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                status = process.wait()
            return Outcome(status, _read(stdout), _read(stderr), killed, peak)

    def _watch(self, process: subprocess.Popen[bytes]) -> tuple[Killed | None, int]:
        """Return when the process has ended, or must be: why, and the most memory it was seen to use."""
        deadline = time.monotonic() + self.time_limit_seconds
        peak = 0
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                return None, peak
            peak = max(peak, _resident_bytes(process.pid))
            if peak > self.memory_limit_bytes:
                return Killed.MEMORY, peak
            if time.monotonic() > deadline:
                return Killed.TIME, peak


def _resident_bytes(pid: int) -> int:
    """Return the memory of a process, which a collector never shares with children; nothing once it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_OUTPUT_BYTES).decode("utf-8", "replace")
