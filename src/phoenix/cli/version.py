"""`phoenix version`: what is installed here, for a bug report."""

import platform
from dataclasses import dataclass
from importlib.metadata import version as installed_version

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.collector.binary.errors import ProgramNotFoundError
from phoenix.collector.binary.find import Collector, find_collector
from phoenix.settings.output_format import OutputFormat

DISTRIBUTION = "phoenix-platform"


@dataclass(frozen=True, slots=True)
class VersionOptions:
    """What `phoenix version` was asked."""

    output_format: OutputFormat | None = None


def command(ctx: typer.Context, output_format: OutputFormatOption = None) -> None:
    """Show the versions of Phoenix, Python and the collector."""
    run(ctx.obj, VersionOptions(output_format))


def run(cli: Cli, options: VersionOptions) -> None:
    """Emit the versions; a collector that is not there yet is no error, and none is built.

    Raises:
        PhoenixError: the settings name a collector that is unfit.
    """
    found = _find(cli)
    data = {
        "phoenix": installed_version(DISTRIBUTION),
        "python": platform.python_version(),
        "collector": None
        if found is None
        else {"version": found.version, "path": found.path, "origin": found.origin.value},
    }
    collector = "none yet" if found is None else f"{found.version} ({found.path})"
    text = f"phoenix {data['phoenix']}\npython {data['python']}\ncollector {collector}"
    cli.emit(data, [text], options.output_format)


def _find(cli: Cli) -> Collector | None:
    try:
        return find_collector(named=cli.settings.collector.binary, cache=cli.settings.cache_dir)
    except ProgramNotFoundError:
        return None
