"""`phoenix host get HOST`: one host, everything that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from phoenix.cli.context import Cli
from phoenix.cli.host.list import running
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.remote.words import ago, at, pairs
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.client.hosts import Hosts
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What `phoenix host get` was asked."""

    host: str
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(help="Name or id of the host.")],
    output_format: OutputFormatOption = None,
) -> None:
    """Show one host: state, configs, health."""
    run(ctx.obj, GetOptions(host, output_format))


def run(cli: Cli, options: GetOptions) -> None:
    """Emit the host.

    Raises:
        PhoenixError: there is none, or the server cannot be reached.
    """
    host = Hosts(cli.server).get(options.host)
    cli.emit(host, [host_table(host)], options.output_format)


def host_table(host: Mapping[str, Any]) -> Block:
    """Return what is known of a host, a row a fact."""
    failure = host["failure"]
    rows = [
        ("id", host["id"]),
        ("state", host["state"] + (f": {host['reason']}" if host.get("reason") else "")),
        ("labels", pairs(host["labels"])),
        ("last seen", ago(host["last_seen"])),
        ("enrolled", at(host["enrolled_at"])),
        ("collector", host.get("collector_version") or "-"),
        ("runs", running(host)),
        ("last verified", host["verified"] or "none yet"),
    ]
    if failure:
        rows.append(("failure", f"{failure['code']} at {at(failure['at'])}: {failure['text']}"))
    return Table((Column(host["name"], keep=True), Column("")), rows)
