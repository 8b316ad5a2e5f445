"""`phoenix capture diff A B`: do two captures say the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.captures import read_capture
from phoenix.cli.context import Cli
from phoenix.cli.exit_status import ExitStatus
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.diff import CaptureDiff, diff

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What `phoenix capture diff` was asked.

    Attributes:
        limit: how many differences to tell in words.
    """

    one: Path
    other: Path
    limit: int = _SHOWN
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    one: Annotated[
        Path, typer.Argument(metavar="A", help="A capture, or a file that could be imported.", readable=False)
    ],
    other: Annotated[Path, typer.Argument(metavar="B", help="Another one.", readable=False)],
    *,
    limit: Annotated[int, typer.Option(min=0, help="How many differences to tell in words.")] = _SHOWN,
    output_format: OutputFormatOption = None,
) -> None:
    """Compare two captures; the exit status is 1 when they differ.

    Files of OTLP, such as `whatif --output-otlp` writes, can be compared too. The order of requests, nodes and points
    does not count; everything that points say does.
    """
    run(ctx.obj, DiffOptions(one, other, limit, output_format))


def run(cli: Cli, options: DiffOptions) -> None:
    """Emit what differs.

    Raises:
        Exit: they differ, with status 1.
        PhoenixError: one of them cannot be read.
    """
    found = diff(read_capture(options.one), read_capture(options.other), limit=options.limit)
    data = {
        "equal": found.equal,
        "a": {"path": options.one, "series": found.series[0], "points": found.points[0]},
        "b": {"path": options.other, "series": found.series[1], "points": found.points[1]},
        "counts": found.counts,
        "differences": found.differences,
    }
    cli.emit(data, _blocks(options, found), options.output_format)
    if not found.equal:
        raise typer.Exit(ExitStatus.DIFFERENT)


def _blocks(options: DiffOptions, found: CaptureDiff) -> list[Block]:
    sizes = Table(
        (Column(""), Column("A", right=True), Column("B", right=True)),
        [
            ("series", *(f"{count:,}" for count in found.series)),
            ("points", *(f"{count:,}" for count in found.points)),
        ],
    )
    names = f"A = {options.one}, B = {options.other}"
    if found.equal:
        return [f"No difference: {names}.", sizes]
    counts = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in found.counts.items())
    blocks: list[Block] = [f"They differ: {names}.", sizes, f"Points that differ: {counts}."]
    if found.differences:
        rows = [(it.series, it.words) for it in found.differences]
        blocks.append(Table((Column("series"), Column("how")), rows))
    return blocks
