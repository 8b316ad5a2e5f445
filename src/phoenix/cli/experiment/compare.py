"""`phoenix experiment compare`."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.comparison import comparison_blocks
from phoenix.cli.options import OutputFormatOption
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What `phoenix experiment compare` was asked."""

    experiment: str
    output_format: OutputFormat | None = None


def command(ctx: typer.Context, experiment: ExperimentArgument, output_format: OutputFormatOption = None) -> None:
    """Compare both arms: what is saved beside what is lost."""
    run(ctx.obj, CompareOptions(experiment, output_format))


def run(cli: Cli, options: CompareOptions) -> None:
    """Emit the comparison.

    Raises:
        PhoenixError: nothing is measured yet, or the server cannot be reached.
    """
    comparison = Experiments(cli.server).compare(options.experiment)
    cli.emit(comparison, comparison_blocks(comparison), options.output_format)
