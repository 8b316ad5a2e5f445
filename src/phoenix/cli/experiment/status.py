"""`phoenix experiment status`; with `--watch` until its end."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from phoenix.cli.context import Cli
from phoenix.cli.experiment.options import ExperimentArgument
from phoenix.cli.experiment.showing.following import follow
from phoenix.cli.experiment.showing.views import history_table, state_blocks
from phoenix.cli.options import OutputFormatOption
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """What `phoenix experiment status` was asked.

    Attributes:
        watch: show it live until it has ended.
    """

    experiment: str
    watch: bool = False
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    experiment: ExperimentArgument,
    watch: Annotated[bool, typer.Option("-w", "--watch", help="Show it live until it has ended.")] = False,
    output_format: OutputFormatOption = None,
) -> None:
    """Show how far an experiment has come: phase, windows, guardrails, history."""
    run(ctx.obj, StatusOptions(experiment, watch, output_format))


def run(cli: Cli, options: StatusOptions) -> None:
    """Emit the status; with watch once it has ended, and show what happens until then on stderr.

    Raises:
        PhoenixError: there is no such experiment, or the server cannot be reached.
    """
    look = follow if options.watch else _look
    state = look(cli, options.experiment)
    cli.emit(state, [*state_blocks(state), history_table(state["history"])], options.output_format)


def _look(cli: Cli, experiment: str) -> dict[str, Any]:
    return Experiments(cli.server).status(experiment)
