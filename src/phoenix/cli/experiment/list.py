"""`phoenix experiment list`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.showing.views import list_table
from phoenix.cli.options import OutputFormatOption
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What `phoenix experiment list` was asked.

    Attributes:
        everywhere: of every namespace.
    """

    phase: str | None = None
    everywhere: bool = False
    limit: int = 50
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    phase: Annotated[str | None, typer.Option(help="Only those in this phase, such as running.")] = None,
    everywhere: Annotated[bool, typer.Option("-A", "--all-namespaces", help="Of every namespace.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50,
    output_format: OutputFormatOption = None,
) -> None:
    """List experiments, the newest first."""
    run(ctx.obj, ListOptions(phase, everywhere, limit, output_format))


def run(cli: Cli, options: ListOptions) -> None:
    """Emit the experiments.

    Raises:
        PhoenixError: the server refuses or cannot be reached.
    """
    namespace = None if options.everywhere else cli.settings.namespace
    found = Experiments(cli.server).select(namespace=namespace, phase=options.phase, limit=options.limit)
    cli.emit({"items": found}, [list_table(found)] if found else ["There is none."], options.output_format)
