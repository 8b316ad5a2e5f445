"""`phoenix experiment promote`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.views import state_blocks
from phoenix.cli.options import OutputFormatOption
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class PromoteOptions:
    """What `phoenix experiment promote` was asked."""

    experiment: str
    reason: str
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    experiment: ExperimentArgument,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
    output_format: OutputFormatOption = None,
) -> None:
    """Make the candidate of a completed experiment what its hosts run."""
    run(ctx.obj, PromoteOptions(experiment, reason, output_format))


def run(cli: Cli, options: PromoteOptions) -> None:
    """Promote and emit the experiment.

    Raises:
        PhoenixError: it is not completed, or not fit to be promoted, or the server cannot be reached.
    """
    promoted = Experiments(cli.server).promote(options.experiment, options.reason)
    cli.emit(promoted, state_blocks(promoted), options.output_format)
