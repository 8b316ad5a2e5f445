"""`phoenix capture get C`: what is in a capture."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.capture.contents import Contents
from phoenix.cli.captures import origin_text
from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.core.units import format_bytes, format_duration
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.storage import load

_NAMES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What `phoenix capture get` was asked."""

    capture: Path
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    capture: Annotated[Path, typer.Argument(help="The capture.", readable=False)],
    output_format: OutputFormatOption = None,
) -> None:
    """Show what is in a capture."""
    run(ctx.obj, GetOptions(capture, output_format))


def run(cli: Cli, options: GetOptions) -> None:
    """Emit origin, size, metrics and processes.

    Raises:
        PhoenixError: there is no capture, or it cannot be read.
    """
    contents = Contents.of(load(options.capture))
    cli.emit(contents.as_dict(options.capture), contents_blocks(contents, options.capture), options.output_format)


def contents_blocks(contents: Contents, path: Path) -> list[Block]:
    """Return what a capture holds, for people."""
    blocks: list[Block] = [_heading(contents, path)]
    if contents.measurement.metrics:
        metric_columns = (
            Column("metric", keep=True),
            Column("type"),
            Column("unit"),
            Column("series", right=True),
            Column("points", right=True),
        )
        counts = contents.measurement.metrics.items()
        rows = [
            (name, contents.kinds[name].type.value, contents.kinds[name].unit, f"{it.series:,}", f"{it.points:,}")
            for name, it in counts
        ]
        blocks.append(Table(metric_columns, rows))
    if contents.processes:
        shown = contents.processes.most_common(_NAMES_SHOWN)
        more = len(contents.processes) - len(shown)
        title = f"{contents.processes.total():,} processes by name" + (f", {more} more names not shown" if more else "")
        columns = (Column("process", keep=True), Column("count", right=True))
        blocks.append(Table(columns, [(name, f"{count:,}") for name, count in shown], title=title))
    return blocks


def _heading(contents: Contents, path: Path) -> str:
    measured, capture = contents.measurement, contents.capture
    every = capture.origin.interval_seconds
    scrapes = f"{measured.scrapes:,} scrapes{f' every {format_duration(every)}' if every else ''}"
    lines = [
        f"{path}: {origin_text(capture)}",
        f"{scrapes} in {format_duration(round(contents.span_seconds))}, {len(capture.batches):,} requests",
        f"{measured.series:,} series, {measured.points:,} points, {format_bytes(measured.bytes)}",
        *(f"{name}: {text}" for name, text in capture.origin.notes.items()),
    ]
    return "\n".join(lines)
