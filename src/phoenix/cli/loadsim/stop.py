"""`phoenix loadsim stop`: end the simulation that `start` started."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.loadsim.folder import simulation_folder
from phoenix.cli.options import OutputFormatOption
from phoenix.loadsim.simulation import stop
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class StopOptions:
    """What `phoenix loadsim stop` was asked."""

    output_format: OutputFormat | None = None


def command(ctx: typer.Context, output_format: OutputFormatOption = None) -> None:
    """Stop the load simulation and every process of it."""
    run(ctx.obj, StopOptions(output_format))


def run(cli: Cli, options: StopOptions) -> None:
    """Stop it and emit what it was.

    Raises:
        SimulationNotRunningError: none runs.
        SimulationNotOursError: another user's.
    """
    last = stop(simulation_folder(cli))
    data = {"profile": last.profile, "started_at": last.started_at, "processes": last.processes, "starts": last.starts}
    sentence = f"Stopped {last.profile}: {last.processes:,} processes ran, {last.starts:,} were started in all."
    cli.emit(data, [sentence], options.output_format)
