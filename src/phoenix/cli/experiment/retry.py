"""`phoenix experiment retry`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.views import state_blocks
from phoenix.cli.options import OutputFormatOption, option_seconds
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class RetryOptions:
    """What `phoenix experiment retry` was asked; None keeps the time limit there was."""

    experiment: str
    timeout_seconds: float | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    experiment: ExperimentArgument,
    timeout: Annotated[
        str | None, typer.Option(help="The longest time for hosts to prove the config, such as 10m.")
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Begin an experiment that failed or was cancelled again, under a new config revision."""
    seconds = option_seconds("--timeout", timeout)
    run(ctx.obj, RetryOptions(experiment, seconds, output_format))


def run(cli: Cli, options: RetryOptions) -> None:
    """Begin it again and emit it.

    Raises:
        PhoenixError: it has not ended badly, its hosts are taken, or the server cannot be reached.
    """
    again = Experiments(cli.server).retry(options.experiment, options.timeout_seconds)
    cli.emit(again, state_blocks(again), options.output_format)
