"""Look at the processes of a load simulation from outside, and act as somebody who is not root."""

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from phoenix.loadsim.simulation import MARKER

NOBODY = 65534


def marked(folder: Path) -> dict[int, str]:
    """Return the names, by pid, of all processes that a simulation of this folder has started, its supervisor too."""
    return with_environment(f"{MARKER}={folder}")


def none_left(folder: Path, within_seconds: float = 5.0) -> bool:
    """Return whether every marked process is gone within so long."""
    return eventually(lambda: not marked(folder), within_seconds)


def eventually(condition: Callable[[], object], within_seconds: float = 10.0) -> bool:
    """Return whether `condition` comes true within so long."""
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def cpu_seconds(pids: dict[int, str]) -> float:
    """Return the processor time these processes and their waited-for children have used."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def as_nobody(call: Callable[[], Any]) -> Any:
    """Return what `call` returns (JSON-like) in a forked process without root's powers; its errors come as text."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            answer = {"value": call()}
        except BaseException:  # noqa: BLE001  # Nothing may escape into the runner's copy.
            answer = {"error": traceback.format_exc()}
        os.write(writable, json.dumps(answer).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as stream:
        answer = json.loads(stream.read())
    os.waitpid(pid, 0)
    assert "error" not in answer, answer["error"]
    return answer["value"]


def with_environment(mark: str) -> dict[int, str]:
    """Return the names, by pid, of all processes that were started with `mark` (NAME=value) in their environment."""
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                if f"{mark}\0".encode() in (process / "environ").read_bytes():
                    found[int(process.name)] = (process / "comm").read_text(encoding="utf-8").strip()
            except OSError:
                continue
    return found
