"""Ctrl-C while a command works: status 130, nothing half-written, no process left. And what a terminal sees."""

import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from tests.support.cli import PHOENIX, phoenix
from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.storage import save


def _family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def _await_child(process: subprocess.Popen[str]) -> list[psutil.Process]:
    deadline = time.monotonic() + 60
    while not (children := _family(process)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return children


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "line",
    [
        ("capture", "record", "--for", "10m", "--output", "new"),
        ("whatif", "-f", "all.yaml", "-c", "c", "--cpu", "--output-otlp", "out.jsonl"),
        ("pipeline", "validate", "all.yaml"),
    ],
    ids=lambda line: line[0],
)
def test_an_interrupted_command_leaves_nothing(built_programs, tmp_path: Path, line, number):
    save(scrapes(range(0, 60, 5)), tmp_path / "c")
    phoenix("pipeline", "render", "process-baseline-v1", "--output", tmp_path / "all.yaml")
    before = sorted(path.name for path in tmp_path.iterdir())
    with subprocess.Popen(
        [PHOENIX, *line], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        children = _await_child(process)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, err
    assert "code: INTERRUPTED" in err
    assert out == ""
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    # The candidate's output may be complete before its CPU is measured.
    assert sorted({path.name for path in tmp_path.iterdir()} - {"out.jsonl"}) == before


def _on_a_terminal(*line: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [PHOENIX, *line],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 65536):
                seen += chunk
        except OSError:
            # A terminal whose last writer has gone says so with an error.
            pass
        finally:
            os.close(ours)
        assert process.wait(timeout=60) == 0
    return seen.decode()


def test_colours_only_where_they_are_wanted():
    assert "\x1b[" in _on_a_terminal("pipeline", "list")
    assert "\x1b[3" not in _on_a_terminal("pipeline", "list", NO_COLOR="1")
    assert "\x1b[" not in phoenix("pipeline", "list").out
