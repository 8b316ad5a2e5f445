"""`phoenix experiment stop`."""

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
class StopOptions:
    """What `phoenix experiment stop` was asked."""

    experiment: str
    reason: str = ""
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    experiment: ExperimentArgument,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    output_format: OutputFormatOption = None,
) -> None:
    """End an experiment; it is cancelled once its hosts run their verified config again."""
    run(ctx.obj, StopOptions(experiment, reason, output_format))


def run(cli: Cli, options: StopOptions) -> None:
    """Ask for its end and emit it as it is then: on its way back.

    Raises:
        PhoenixError: it has ended already, or the server cannot be reached.
    """
    stopped = Experiments(cli.server).stop(options.experiment, options.reason)
    cli.emit(stopped, state_blocks(stopped), options.output_format)
