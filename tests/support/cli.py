"""Running the command line in tests: in this process with streams in memory, or as the real command."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from phoenix.cli.context import Cli
from phoenix.cli.main import run
from phoenix.cli.terminal.streams import Streams
from phoenix.settings.model import Settings

PHOENIX = Path(sys.executable).parent / "phoenix"


@dataclass(frozen=True)
class Finished:
    """What one run of the command left."""

    status: int
    out: str
    err: str


def memory_cli(settings: Settings | None = None, *, stdin: str = "", width: int = 120) -> Cli:
    """Return a Cli that writes into memory and knows only the settings given."""
    chosen = settings or Settings()
    return Cli(Streams.captured(stdin, width), lambda: chosen)


def written(cli: Cli) -> tuple[str, str]:
    """Return what a `memory_cli` wrote to stdout and stderr."""
    return cli.streams.out.getvalue(), cli.streams.err.getvalue()  # type: ignore[attr-defined] # StringIO


def run_here(*line: str, settings: Settings | None = None, stdin: str = "", width: int = 120) -> Finished:
    """Run a command line in this process; --help is written by typer to the real stdout."""
    cli = memory_cli(settings, stdin=stdin, width=width)
    status = run(cli, line)
    return Finished(status, *written(cli))


def phoenix(
    *line: str | Path,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
    cwd: Path | None = None,
    prefix: Sequence[str] = (),
    timeout: float = 120,
) -> Finished:
    """Run the installed command to its end, after `prefix`, without a terminal and without this machine's settings.

    The cache folder stays: collectors are built once.
    """
    done = subprocess.run(
        [*prefix, PHOENIX, *line],
        input=stdin,
        env=clean_environment(environment),
        cwd=cwd,
        timeout=timeout,
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this environment without settings of Phoenix but its cache folder, and with `more`."""
    kept = {"PHOENIX_CACHE_DIR"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PHOENIX_") or name in kept}
    return {**clean, "XDG_CONFIG_HOME": "/nonexistent", **(more or {})}


def assert_told(finished: Finished, status: int, code: str, *words: str) -> None:
    """Assert that the command ended with an error a stranger understands: what, where, what to do, a code."""
    said = finished.err
    assert finished.status == status, said
    assert "\nerror: " in f"\n{said}", said
    assert f"\ncode: {code}\n" in said, said
    assert "\nwhat to do: " in said, said
    assert all(word in said for word in words), said
    assert "Traceback" not in said, said
