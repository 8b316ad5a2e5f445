"""`phoenix experiment get`."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.views import state_blocks
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.remote.words import pairs
from phoenix.cli.terminal.blocks import Column, Table
from phoenix.client.experiments import Experiments
from phoenix.core.units import format_duration
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What `phoenix experiment get` was asked."""

    experiment: str
    output_format: OutputFormat | None = None


def command(ctx: typer.Context, experiment: ExperimentArgument, output_format: OutputFormatOption = None) -> None:
    """Show an experiment: what was asked for, and how far it has come."""
    run(ctx.obj, GetOptions(experiment, output_format))


def run(cli: Cli, options: GetOptions) -> None:
    """Emit the experiment.

    Raises:
        PhoenixError: there is none, or the server cannot be reached.
    """
    found = Experiments(cli.server).get(options.experiment)
    rows = [
        ("baseline", f"{found['baseline_pipeline']} ({found['baseline_version']})"),
        ("candidate", f"{found['candidate_pipeline']} ({found['candidate_version']})"),
        ("hosts", found["target_nodes"] or "all"),
        ("window", format_duration(found["window_seconds"])),
        ("critical", ", ".join(found["critical_processes"]) or "-"),
        ("metadata", pairs(found["metadata"])),
        ("made by", found["created_by"]),
    ]
    design = Table((Column("asked for", keep=True), Column("")), rows)
    cli.emit(found, [*state_blocks(found), design], options.output_format)
