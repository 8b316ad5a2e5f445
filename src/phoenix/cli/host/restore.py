"""`phoenix host restore HOST`: back to what was last proved to work."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.host.get import host_table
from phoenix.cli.options import OutputFormatOption
from phoenix.client.hosts import Hosts
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """What `phoenix host restore` was asked."""

    host: str
    reason: str
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(help="Name or id of the host.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
    output_format: OutputFormatOption = None,
) -> None:
    """Let a host go back to its last verified config."""
    run(ctx.obj, RestoreOptions(host, reason, output_format))


def run(cli: Cli, options: RestoreOptions) -> None:
    """Ask for it and emit the host.

    Raises:
        PhoenixError: there is no such host, or the server cannot be reached.
    """
    host = Hosts(cli.server).restore(options.host, options.reason)
    cli.emit(host, [host_table(host)], options.output_format)
