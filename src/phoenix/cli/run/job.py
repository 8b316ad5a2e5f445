"""The main job from end to end: programs, recording, evaluation, result, next steps."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.evaluation.evaluators import EvaluatorChoice, open_evaluator
from phoenix.cli.evaluation.patterns import critical_patterns
from phoenix.cli.options import CriticalOption, OutputFormatOption
from phoenix.cli.programs import the_collector, the_supervisor
from phoenix.cli.run.catalogue import evaluate_catalogue
from phoenix.cli.run.earlier import remember, show_while_building
from phoenix.cli.run.recording import Recorded, open_recorded, record_here
from phoenix.cli.run.result import RunResult
from phoenix.cli.run.tables import result_blocks
from phoenix.core.errors import InvalidError
from phoenix.core.units import parse_duration
from phoenix.settings.output_format import OutputFormat

PROGRAM = "phoenix"
_CPU_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `phoenix run` was asked.

    Attributes:
        record_for: seconds to record; None for the setting.
        capture: evaluate this capture instead of recording.
        cpu_seconds: processor time after which the cost of a pipeline counts as measured.
        critical: patterns of processes that must stay; none for the setting or the catalogue's list.
        called_as: what the next steps call this program.
    """

    record_for: float | None = None
    capture: Path | None = None
    cpu_seconds: float = _CPU_SECONDS
    critical: tuple[str, ...] = ()
    called_as: str = PROGRAM
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    record_for: Annotated[str | None, typer.Option(help="How long to record this host. Default: 60s.")] = None,
    capture: Annotated[
        Path | None,
        typer.Option("--capture", "-c", help="Evaluate this capture instead of recording this host.", readable=False),
    ] = None,
    cpu_time: Annotated[
        str, typer.Option(help="Replay until the collector used this much processor time; more is more exact.")
    ] = "5s",
    critical: CriticalOption = None,
    once: Annotated[  # noqa: ARG001 - a promise to scripts: nothing goes on running afterwards, whatever comes to run
        bool, typer.Option("--once", help="End with the result, leaving nothing running.")
    ] = False,
    called_as: Annotated[str, typer.Option(hidden=True, help="What the next steps call this program.")] = PROGRAM,
    output_format: OutputFormatOption = None,
) -> None:
    """Record this host, evaluate every pipeline of the catalogue on it, and name the best safe one."""
    if record_for is not None and capture is not None:
        raise InvalidError(
            "--record-for and --capture exclude each other",
            user_action="Leave out --record-for to evaluate the capture, or --capture to record this host.",
        )
    options = RunOptions(
        record_for=None if record_for is None else parse_duration(record_for),
        capture=capture,
        cpu_seconds=parse_duration(cpu_time),
        critical=tuple(critical or ()),
        called_as=called_as,
        output_format=output_format,
    )
    run(ctx.obj, options)


def run(cli: Cli, options: RunOptions) -> None:
    """Do the main job and emit its result.

    Raises:
        PhoenixError: a program is missing, nothing could be recorded, a capture cannot be read.
    """
    critical = critical_patterns(cli, options.critical)
    show_while_building(cli)
    collector = the_collector(cli)
    the_supervisor(cli)
    cli.say(f"collector {collector.version} ({collector.origin}): {collector.path}")
    recorded = _recorded(cli, options)
    with open_evaluator(cli, EvaluatorChoice.COLLECTOR) as evaluator:
        version = evaluator.version
        reports = evaluate_catalogue(
            cli, evaluator, recorded.capture, critical=critical, cpu_seconds=options.cpu_seconds
        )
    result = RunResult(recorded, version, reports).as_dict()
    cli.emit(result, result_blocks(result, options.called_as), options.output_format)
    if options.capture is None:
        remember(cli, result)


def _recorded(cli: Cli, options: RunOptions) -> Recorded:
    if options.capture is not None:
        return open_recorded(options.capture)
    return record_here(cli, seconds=options.record_for or cli.settings.record.duration)
