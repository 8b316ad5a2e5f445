"""`phoenix host history HOST`: what happened to a host, step by step."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.remote.words import at
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.client.hosts import Hosts
from phoenix.settings.output_format import OutputFormat

_COLUMNS = (Column("when (UTC)", keep=True), Column("what", keep=True), Column("config", keep=True), Column("in words"))


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What `phoenix host history` was asked."""

    host: str
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(help="Name or id of the host.")],
    output_format: OutputFormatOption = None,
) -> None:
    """Show what happened to a host, oldest first: offers, failures, proofs, restarts."""
    run(ctx.obj, HistoryOptions(host, output_format))


def run(cli: Cli, options: HistoryOptions) -> None:
    """Emit every event.

    Raises:
        PhoenixError: there is no such host, or the server cannot be reached.
    """
    events = Hosts(cli.server).history(options.host)
    rows = [(at(it["at"]), it["kind"], it["revision"] or "", it["text"]) for it in events]
    blocks: list[Block] = [Table(_COLUMNS, rows)] if rows else ["Nothing has happened to it yet."]
    cli.emit({"events": events}, blocks, options.output_format)
