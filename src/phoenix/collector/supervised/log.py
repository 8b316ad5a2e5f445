"""What supervisor and collector said, for a person to read."""

import json
import os
from pathlib import Path
from typing import Any, Final

from phoenix.collector.supervised.model import SupervisorFiles

_TAIL_BYTES: Final = 1 << 18
# Nobody reads where in the collector's sources a line was written.
_LEVEL, _MESSAGE, _COLUMNS = 1, 3, 4


def collector_log(files: SupervisorFiles, lines: int = 50) -> list[str]:
    """Return the last lines that the collectors wrote, oldest first; empty when there is no log."""
    return [_readable(line) for line in _tail(files.collector_log)[-lines:]]


def supervisor_log(files: SupervisorFiles, lines: int = 50) -> list[str]:
    """Return the last lines that the supervisor wrote, oldest first; empty when there is no log."""
    return [_readable(line) for line in _tail(files.supervisor_log)[-lines:]]


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(0, end - _TAIL_BYTES))
            tail = log.read()
    except OSError:
        return []
    lines = tail.decode(errors="replace").splitlines()
    return [line for line in (lines[1:] if end > _TAIL_BYTES else lines) if line.strip()]


def _readable(line: str) -> str:
    """Return a line as level, message and error.

    Both write JSON; a collector that does not run on the supervisor's config yet writes columns divided by tabs.
    """
    try:
        said: Any = json.loads(line)
    except ValueError:
        columns = line.split("\t")
        return f"{columns[_LEVEL]} {columns[_MESSAGE]}" if len(columns) >= _COLUMNS else line
    if not isinstance(said, dict) or "msg" not in said:
        return line
    return " ".join(str(said[key]) for key in ("level", "msg", "error") if said.get(key))
