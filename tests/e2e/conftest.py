"""The main job, run once for this folder as a user runs it, in a process namespace of its own.

In the namespace there is nothing but the job, so the load simulation always starts and the host is the same everywhere.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PHOENIX = Path(sys.executable).parent / "phoenix"
RECORD_FOR = "20s"


@dataclass(frozen=True)
class MainJob:
    """How one run of the main job ended; `left` are the command lines of what still ran in its namespace then."""

    result: dict[str, Any]
    stderr: str
    seconds: float
    left: tuple[str, ...]

    def pipeline(self, name: str) -> dict[str, Any]:
        """Return the result of one pipeline."""
        found: dict[str, Any] = next(it for it in self.result["pipelines"] if it["name"] == f"process-{name}-v1")
        return found


@pytest.fixture(scope="session")
def in_namespace() -> list[str]:
    command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, f"a process namespace is needed for these tests (root, util-linux): {tried.stderr}"
    return command


# Runs as the first process of the namespace: the command, then what is left of it.
_THEN_LOOK = 'look=$1; shift; "$@"; status=$?; ps -eo args= > "$look"; exit $status'


@pytest.fixture(scope="session")
def main_job(private_cache, in_namespace, tmp_path_factory) -> MainJob:
    look = tmp_path_factory.mktemp("main-job") / "left"
    begun = time.monotonic()
    dev = (str(ROOT / "dev"), "run", "--once", "-o", "json", "--record-for", RECORD_FOR)
    ended = subprocess.run(
        [*in_namespace, "sh", "-c", _THEN_LOOK, "sh", str(look), *dev],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "PHOENIX_CACHE_DIR": str(private_cache)},
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stderr
    left = tuple(look.read_text().splitlines())
    return MainJob(json.loads(ended.stdout), ended.stderr, time.monotonic() - begun, left)
