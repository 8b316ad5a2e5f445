"""`phoenix experiment create`: from flags or a file; `--dry-run` says what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.evaluation.patterns import critical_patterns
from phoenix.cli.experiment.errors import ExperimentFileError
from phoenix.cli.experiment.showing.plan import plan_blocks
from phoenix.cli.experiment.showing.views import state_blocks
from phoenix.cli.experiment.wanted import pipeline_named, read_wanted
from phoenix.cli.options import CriticalOption, OutputFormatOption, option_seconds
from phoenix.cli.terminal.blocks import Block
from phoenix.client.experiments import Experiments
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class CreateOptions:
    """What `phoenix experiment create` was asked.

    Attributes:
        file: YAML with fields of the API's request; flags come before it.
        fields: those that flags gave.
    """

    file: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    file: Annotated[str | None, typer.Option("-f", "--file", help="YAML with the fields, or - for stdin.")] = None,
    baseline: Annotated[
        str | None, typer.Option(help="What runs today: a pipeline, NAME@3, a template, or a config file.")
    ] = None,
    candidate: Annotated[str | None, typer.Option(help="What might replace it; named alike.")] = None,
    hosts: Annotated[
        str | None, typer.Option("-l", "--hosts", help="Selector: app=web,tier in (a,b),!old. Default: all hosts.")
    ] = None,
    critical: CriticalOption = None,
    name: Annotated[str | None, typer.Option(help="For people.")] = None,
    windows: Annotated[int | None, typer.Option(help="Windows to measure on every host. Default: 10.")] = None,
    window: Annotated[str | None, typer.Option(help="Width of a window, such as 60s. Default: the server's.")] = None,
    duration: Annotated[str | None, typer.Option(help="The longest time to measure, such as 2h.")] = None,
    min_cost_reduction: Annotated[float | None, typer.Option(help="Success criterion, percent.")] = None,
    max_data_loss: Annotated[float | None, typer.Option(help="Success criterion, percent.")] = None,
    allow_unmatched: Annotated[
        bool, typer.Option("--allow-unmatched", help="A critical pattern may match no process.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; make nothing.")] = False,
    start: Annotated[bool, typer.Option("--start", help="Start it at once.")] = False,
    output_format: OutputFormatOption = None,
) -> None:
    """Make an experiment of two pipelines on the same hosts and stream, or say what it would do."""
    given = {
        "baseline_pipeline": baseline,
        "candidate_pipeline": candidate,
        "target_nodes": hosts,
        "critical_processes": list(critical) if critical else None,
        "name": name,
        "windows": windows,
        "window_seconds": option_seconds("--window", window),
        "duration_seconds": option_seconds("--duration", duration),
        "min_cost_reduction": min_cost_reduction,
        "max_data_loss": max_data_loss,
        "allow_unmatched": allow_unmatched or None,
        "dry_run": dry_run or None,
        "start": start or None,
    }
    fields = {key: value for key, value in given.items() if value is not None}
    run(ctx.obj, CreateOptions(file, fields, output_format))


def run(cli: Cli, options: CreateOptions) -> None:
    """Emit the experiment and what it will do; of a dry run the latter.

    Raises:
        UsageError: neither flags nor file name both pipelines.
        PhoenixError: a file cannot be read, or the server refuses.
    """
    wanted = {**(read_wanted(cli, options.file) if options.file else {}), **options.fields}
    for side in ("baseline", "candidate"):
        if f"{side}_pipeline" not in wanted:
            raise UsageError(f"--{side} is missing", user_action=f"Name a pipeline with --{side}, or in the file.")
        if not isinstance(wanted[f"{side}_pipeline"], str):
            raise ExperimentFileError(f"{options.file}: {side}_pipeline must be the name of a pipeline")
        wanted[f"{side}_pipeline"] = pipeline_named(cli, wanted[f"{side}_pipeline"])
    wanted.setdefault("namespace", cli.settings.namespace)
    if cli.settings.critical_processes:
        # Else the server knows which.
        wanted.setdefault("critical_processes", [pattern.text for pattern in critical_patterns(cli, ())])
    made = Experiments(cli.server).create(wanted)
    cli.emit(made, _blocks(made), options.output_format)


def _blocks(made: Mapping[str, Any]) -> list[Block]:
    experiment = made["experiment"]
    if experiment is None:
        return ["Nothing was made. This would happen:", *plan_blocks(made["plan"])]
    follow = f"phoenix experiment status {experiment['id']} --watch"
    begin = f"phoenix experiment start {experiment['id']}"
    then = f"Follow it with: {follow}" if experiment["started_at"] else f"Start it with: {begin}"
    return [*state_blocks(experiment), *plan_blocks(made["plan"]), then]
