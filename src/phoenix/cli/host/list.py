"""`phoenix host list`: the fleet, or a part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.remote.words import ago
from phoenix.cli.terminal.blocks import Column, Table
from phoenix.client.hosts import Hosts
from phoenix.settings.output_format import OutputFormat

_COLUMNS = (
    Column("host", keep=True),
    Column("id", keep=True),
    Column("state", keep=True),
    Column("runs", keep=True),
    Column("labels"),
    Column("seen", right=True),
)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What `phoenix host list` was asked."""

    selector: str = ""
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    selector: Annotated[
        str, typer.Option("-l", "--selector", help="Only these hosts: app=web,tier in (a,b),!retired,name=h1.")
    ] = "",
    output_format: OutputFormatOption = None,
) -> None:
    """List the hosts with their state and what they run."""
    run(ctx.obj, ListOptions(selector, output_format))


def run(cli: Cli, options: ListOptions) -> None:
    """Emit the hosts.

    Raises:
        PhoenixError: the server refuses or cannot be reached.
    """
    hosts = Hosts(cli.server).select(options.selector)
    blocks = [Table(_COLUMNS, [_row(host) for host in hosts])] if hosts else ["No host is enrolled or selected."]
    cli.emit({"hosts": hosts}, blocks, options.output_format)


def _row(host: Mapping[str, Any]) -> tuple[str, ...]:
    labels = ",".join(f"{name}={value}" for name, value in host["labels"].items())
    return (host["name"], host["id"], host["state"], running(host), labels, ago(host["last_seen"]))


def running(host: Mapping[str, Any]) -> str:
    """Return in a few words what a host runs and how sure that is."""
    if host["failure"]:
        return f"{host['desired']} failed"
    if host["desired"] is None:
        return "nothing yet"
    return f"{host['desired']} {'proved' if host['proved'] == host['desired'] else 'not proved yet'}"
