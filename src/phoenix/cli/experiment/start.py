"""`phoenix experiment start`."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.views import state_blocks
from phoenix.cli.options import OutputFormatOption
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What `phoenix experiment start` was asked."""

    experiment: str
    output_format: OutputFormat | None = None


def command(ctx: typer.Context, experiment: ExperimentArgument, output_format: OutputFormatOption = None) -> None:
    """Claim the hosts of an experiment and begin."""
    run(ctx.obj, StartOptions(experiment, output_format))


def run(cli: Cli, options: StartOptions) -> None:
    """Start it and emit it.

    Raises:
        PhoenixError: it was started already, its hosts are taken, or the server cannot be reached.
    """
    started = Experiments(cli.server).start(options.experiment)
    follow = f"Follow it with: phoenix experiment status {started['id']} --watch"
    cli.emit(started, [*state_blocks(started), follow], options.output_format)
