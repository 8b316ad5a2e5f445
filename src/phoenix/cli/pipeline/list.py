"""`phoenix pipeline list`: what the catalogue offers."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Column, Table
from phoenix.collector.catalogue.registry import TEMPLATES
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What `phoenix pipeline list` was asked."""

    output_format: OutputFormat | None = None


def command(ctx: typer.Context, output_format: OutputFormatOption = None) -> None:
    """List the pipelines of the catalogue."""
    run(ctx.obj, ListOptions(output_format))


def run(cli: Cli, options: ListOptions) -> None:
    """Emit name, aliases and summary of each."""
    data = [{"name": it.name, "aliases": list(it.aliases), "summary": it.summary} for it in TEMPLATES]
    rows = [(it.name, it.summary) for it in TEMPLATES]
    cli.emit(data, [Table((Column("pipeline", keep=True), Column("what it does")), rows)], options.output_format)
