"""What supervisor and collector said, for a person to read."""

import json
import os
from collections.abc import Iterator
from typing import Any, Final

from phoenix.collector.supervised.model import SupervisorFiles

_TAIL_BYTES: Final = 1 << 18
_COLLECTOR: Final = "collector"


def collector_log(files: SupervisorFiles, lines: int = 50) -> list[str]:
    """Return the last lines that the collector wrote, oldest first; empty when there is no log.

    With `passthrough_logs` the supervisor wraps each in a record of its own log.
    """
    found = [str(record.get("msg")) for record in _records(files) if _from_collector(record)]
    return [_readable(line) for line in found[-lines:]]


def supervisor_log(files: SupervisorFiles, lines: int = 50) -> list[str]:
    """Return the last lines of the supervisor's own, oldest first; empty when there is no log."""
    found = [record for record in _records(files) if not _from_collector(record)]
    return [" ".join(filter(None, (record.get("msg"), record.get("error")))) for record in found[-lines:]]


def _from_collector(record: dict[str, Any]) -> bool:
    return str(record.get("logger", "")).rpartition(".")[2] == _COLLECTOR


def _records(files: SupervisorFiles) -> Iterator[dict[str, Any]]:
    try:
        with files.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(0, end - _TAIL_BYTES))
            tail = log.read()
    except OSError:
        return
    whole = tail.split(b"\n")[1:] if len(tail) == _TAIL_BYTES else tail.split(b"\n")
    for line in filter(None, whole):
        try:
            record = json.loads(line)
        except ValueError:
            record = line.decode(errors="replace")
        yield record if isinstance(record, dict) else {"msg": str(record)}


def _readable(line: str) -> str:
    """Return a line of the collector as level and message.

    It writes JSON once it runs on the supervisor's config, before that columns divided by tabs.
    """
    try:
        said = json.loads(line)
    except ValueError:
        columns = line.split("\t")
        return " ".join((columns[1], columns[3])) if len(columns) > 3 else line
    if not isinstance(said, dict) or "msg" not in said:
        return line
    return " ".join(str(said[key]) for key in ("level", "msg", "error") if said.get(key))
