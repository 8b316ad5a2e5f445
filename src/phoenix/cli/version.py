"""`phoenix version`: what is installed here, for a bug report."""

import platform
from dataclasses import dataclass
from importlib.metadata import version as installed_version

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
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
    """Emit the versions."""
    versions = {"phoenix": installed_version(DISTRIBUTION), "python": platform.python_version()}
    cli.emit(versions, ["\n".join(f"{name} {version}" for name, version in versions.items())], options.output_format)
