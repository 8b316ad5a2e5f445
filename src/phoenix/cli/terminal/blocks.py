"""What a result looks like to people: paragraphs and tables, drawn on a terminal or written as markdown."""

import errno
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from phoenix.cli.terminal.printable import printable
from phoenix.cli.terminal.streams import Streams


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        right: align right, as numbers are; never broken over lines.
        keep: never broken over lines: names that people copy.
        breaks: a right-aligned cell may be broken at a space all the same, where the terminal is narrow.
    """

    title: str
    right: bool = False
    keep: bool = False
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; each cell is a text without markup."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text that must come out as it is: a rendered config."""

    text: str
    language: str = ""


Block = Table | Verbatim | str


class _PipedConsole(Console):
    """A console that leaves a broken pipe to main(), where rich would end the process itself."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def write_human(streams: Streams, blocks: Iterable[Block]) -> None:
    """Write blocks to `out`, tables drawn to the width there is, an empty line between two blocks."""
    console = _PipedConsole(
        file=streams.out,
        force_terminal=streams.out_is_terminal,
        no_color=not streams.color,
        width=streams.width,
        highlight=False,
    )
    for index, block in enumerate(blocks):
        if index:
            streams.out.write("\n")
        if isinstance(block, Table):
            if block.title:
                console.print(Text(f"{printable(block.title)}\n"), soft_wrap=not streams.out_is_terminal)
            console.print(rich_table(block))
        elif isinstance(block, Verbatim):
            streams.out.write(printable(block.text) if streams.out_is_terminal else block.text)
        else:
            # A pipe has no width that a paragraph should be broken to.
            console.print(Text(printable(block)), soft_wrap=not streams.out_is_terminal)


def rich_table(table: Table) -> RichTable:
    """Return a table as it is drawn; for whoever draws more than a result, such as a live view."""
    drawn = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in table.columns:
        drawn.add_column(
            Text(column.title),
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=(column.right and not column.breaks) or column.keep,
        )
    for row in table.rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    return drawn


def write_markdown(streams: Streams, blocks: Iterable[Block]) -> None:
    """Write blocks to `out` as GitHub's markdown: pipe tables, fenced code."""
    streams.out.write("\n".join(_markdown(block) for block in blocks))


def _markdown(block: Block) -> str:
    if isinstance(block, str):
        return f"{block}\n"
    if isinstance(block, Verbatim):
        fence = "```" if "```" not in block.text else "````"
        return f"{fence}{block.language}\n{block.text.rstrip()}\n{fence}\n"
    lines = [f"**{block.title}**", ""] if block.title else []
    lines.append(_pipes(column.title for column in block.columns))
    lines.append(_pipes("---:" if column.right else "---" for column in block.columns))
    lines += [_pipes(row) for row in block.rows]
    return "\n".join(lines) + "\n"


def _pipes(cells: Iterable[str]) -> str:
    escaped = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return "| " + " | ".join(escaped) + " |"
