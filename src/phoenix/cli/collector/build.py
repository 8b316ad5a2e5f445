"""`phoenix collector build`: have collector, supervisor and replay harness ready before they are needed."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.programs import build_programs, the_collector, the_supervisor
from phoenix.cli.terminal.blocks import Column, Table
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What `phoenix collector build` was asked."""

    output_format: OutputFormat | None = None


def command(ctx: typer.Context, output_format: OutputFormatOption = None) -> None:
    """Find or build the collector, the supervisor and the replay harness, and show where they are."""
    run(ctx.obj, BuildOptions(output_format))


def run(cli: Cli, options: BuildOptions) -> None:
    """Emit path, version and origin of each program.

    Raises:
        PhoenixError: one that the settings name is unfit, or building failed.
    """
    collector, supervisor, built = the_collector(cli), the_supervisor(cli), build_programs(cli)
    programs = [
        ("collector", collector.version, collector.origin.value, collector.path),
        ("supervisor", supervisor.version, supervisor.origin.value, supervisor.path),
        ("harness", None, "built", built.harness),
    ]
    data = {name: {"version": version, "origin": origin, "path": path} for name, version, origin, path in programs}
    columns = (Column("program", keep=True), Column("version", right=True), Column("origin"), Column("path"))
    rows = [(name, version or "", origin, str(path)) for name, version, origin, path in programs]
    cli.emit(data, [Table(columns, rows)], options.output_format)
