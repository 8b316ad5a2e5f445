"""`phoenix experiment metrics`."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.views import WINDOW_COLUMNS, names_of, window_row
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Table
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class MetricsOptions:
    """What `phoenix experiment metrics` was asked."""

    experiment: str
    output_format: OutputFormat | None = None


def command(ctx: typer.Context, experiment: ExperimentArgument, output_format: OutputFormatOption = None) -> None:
    """Show every window of both arms, or why it is no data."""
    run(ctx.obj, MetricsOptions(experiment, output_format))


def run(cli: Cli, options: MetricsOptions) -> None:
    """Emit the windows; counts are baseline, then candidate.

    Raises:
        PhoenixError: there is no such experiment, or the server cannot be reached.
    """
    experiments = Experiments(cli.server)
    windows = experiments.metrics(options.experiment)
    blocks: list[Block] = ["No window is complete yet."]
    if windows:
        names = names_of(experiments.get(options.experiment))
        blocks = [Table(WINDOW_COLUMNS, [window_row(window, names) for window in windows])]
    cli.emit({"experiment_id": options.experiment, "items": windows}, blocks, options.output_format)
