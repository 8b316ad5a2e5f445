"""Something to look at while the first build runs: this user's last result, else the one that ships with Phoenix."""

import contextlib
import json
import socket
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from phoenix.cli.context import Cli
from phoenix.cli.files import write_text
from phoenix.cli.run.tables import pipeline_tables
from phoenix.cli.terminal.blocks import write_human
from phoenix.collector.binary.errors import ProgramNotFoundError
from phoenix.collector.binary.find import find_collector
from phoenix.core.errors import PhoenixError

_LAST_RESULT = "last-run.json"


def show_while_building(cli: Cli) -> None:
    """Before the minutes of a first build, show an earlier result on stderr, marked as what it is."""
    with contextlib.suppress(ProgramNotFoundError):
        find_collector(named=cli.settings.collector.binary, cache=cli.settings.cache_dir)
        return
    result = _last(cli.settings.cache_dir / _LAST_RESULT) or _shipped()
    here = "this host" if result["host"] == socket.gethostname() else "not this host"
    marked = (
        f"While the collector is built, the last recorded result: recorded {result['recorded_at'][:10]}, "
        f"host {result['host']}, collector {result['collector_version']}; {here}."
    )
    chatter = replace(cli.streams, out=cli.streams.err, out_is_terminal=cli.streams.err_is_terminal)
    write_human(chatter, [marked, *pipeline_tables(result)])
    cli.say("")


def remember(cli: Cli, result: Mapping[str, Any]) -> None:
    """Keep a result, which was told already, as this user's last one; say so if that fails."""
    try:
        write_text(cli.settings.cache_dir / _LAST_RESULT, json.dumps(result, indent=2))
    except PhoenixError as error:
        cli.say(f"The result is not kept for the next run: {error.message}")


def _last(path: Path) -> Mapping[str, Any] | None:
    """Return the last result, or None when there is none that can be read: it is only something to look at."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) else None


def _shipped() -> Mapping[str, Any]:
    text = files("phoenix.cli.run").joinpath("reference_result.json").read_text(encoding="utf-8")
    result: Mapping[str, Any] = json.loads(text)
    return result
