"""The main job from end to end: programs, recording, evaluation, live experiment, result, next steps."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from phoenix.cli.context import Cli
from phoenix.cli.evaluation.evaluators import open_collector
from phoenix.cli.evaluation.patterns import critical_patterns
from phoenix.cli.options import CriticalOption, OutputFormatOption, option_seconds
from phoenix.cli.programs import the_collector, the_supervisor
from phoenix.cli.run.catalogue import evaluate_catalogue
from phoenix.cli.run.earlier import remember, show_while_building
from phoenix.cli.run.live.experiment import OTHERWISE, LiveDesign
from phoenix.cli.run.live.job import live_experiment
from phoenix.cli.run.live.plane import check_free
from phoenix.cli.run.recording import enough_load, open_recorded, record_here
from phoenix.cli.run.result import RunResult
from phoenix.cli.run.tables import next_steps, offline_blocks
from phoenix.cli.terminal.blocks import Verbatim
from phoenix.core.errors import InvalidError
from phoenix.core.units import format_duration
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.processes import ProcessPattern

PROGRAM = "phoenix"
_CPU_SECONDS = 5.0
_WINDOWS = 4
_WINDOW_SECONDS = 15.0
# Of the server.
_MOST_WINDOW_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `phoenix run` was asked.

    Attributes:
        record_for: seconds to record; None for the setting.
        capture: evaluate this capture instead of recording.
        cpu_seconds: processor time after which the cost of a pipeline counts as measured.
        critical: patterns of processes that must stay; none for the setting or the catalogue's list.
        offline: leave out the live experiment.
        windows, window_seconds: of the live experiment.
        once: end with the result instead of serving on.
        called_as: what the next steps call this program.
    """

    record_for: float | None = None
    capture: Path | None = None
    cpu_seconds: float = _CPU_SECONDS
    critical: tuple[str, ...] = ()
    offline: bool = False
    windows: int = _WINDOWS
    window_seconds: float = _WINDOW_SECONDS
    once: bool = False
    called_as: str = PROGRAM
    output_format: OutputFormat | None = None

    @property
    def live(self) -> bool:
        """A capture is of another time or another host: what it says is not tried on this one."""
        return not self.offline and self.capture is None


def command(
    ctx: typer.Context,
    *,
    record_for: Annotated[str | None, typer.Option(help="How long to record this host. Default: 60s.")] = None,
    capture: Annotated[
        Path | None,
        typer.Option(
            "--capture",
            "-c",
            help="Evaluate this capture instead of recording this host; implies --offline.",
            readable=False,
        ),
    ] = None,
    cpu_time: Annotated[
        str, typer.Option(help="Replay until the collector used this much processor time; more is more exact.")
    ] = "5s",
    critical: CriticalOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Leave out the live experiment.")] = False,
    windows: Annotated[
        int, typer.Option(min=1, max=1000, help="Windows that the live experiment compares.")
    ] = _WINDOWS,
    window: Annotated[str, typer.Option(help="Width of a window of the live experiment.")] = "15s",
    once: Annotated[bool, typer.Option("--once", help="End with the result, leaving nothing running.")] = False,
    called_as: Annotated[str, typer.Option(hidden=True, help="What the next steps call this program.")] = PROGRAM,
    output_format: OutputFormatOption = None,
) -> None:
    """Record this host, evaluate the catalogue on it, and run the best safe pipeline live beside the baseline."""
    if record_for is not None and capture is not None:
        raise InvalidError(
            "--record-for and --capture exclude each other",
            user_action="Leave out --record-for to evaluate the capture, or --capture to record this host.",
        )
    options = RunOptions(
        record_for=option_seconds("--record-for", record_for),
        capture=capture,
        cpu_seconds=option_seconds("--cpu-time", cpu_time) or 0.0,
        critical=tuple(critical or ()),
        offline=offline,
        windows=windows,
        window_seconds=option_seconds("--window", window) or 0.0,
        once=once,
        called_as=called_as,
        output_format=output_format,
    )
    run(ctx.obj, options)


def run(cli: Cli, options: RunOptions) -> None:
    """Do the main job, emit its result, and serve on until Ctrl-C unless asked to end.

    Raises:
        PhoenixError: a program is missing, nothing could be recorded, a capture cannot be read, or the live experiment
            did not come to its end.
    """
    critical = critical_patterns(cli, options.critical)
    if options.live:
        _check_live(cli, options)
    show_while_building(cli)
    collector = the_collector(cli)
    the_supervisor(cli)
    cli.say(f"collector {collector.version} ({collector.origin}): {collector.path}")
    with enough_load(cli) if options.capture is None else contextlib.nullcontext() as load_profile:
        result = _offline(cli, options, critical, load_profile)
        if options.live:
            _live(cli, options, critical, result)
        else:
            blocks = [*offline_blocks(result), _steps(result, options)]
            cli.emit(result, blocks, options.output_format)


def _check_live(cli: Cli, options: RunOptions) -> None:
    """Return when nothing known beforehand is in the way of the live part, which begins minutes later.

    Raises:
        InvalidError: no scrape may fall into a window, or it is too wide.
        RunServerBusyError: a server uses the folder to serve from.
    """
    least = max(1.0, cli.settings.record.interval)
    if not least <= options.window_seconds <= _MOST_WINDOW_SECONDS:
        width, most = format_duration(least), format_duration(_MOST_WINDOW_SECONDS)
        raise InvalidError(
            f"--window: {format_duration(options.window_seconds)} is not between {width} and {most}",
            user_action="Give a width in which every scrape has its place; the setting record.interval is between two.",
        )
    if not options.once:
        check_free(cli)


def _offline(
    cli: Cli, options: RunOptions, critical: Sequence[ProcessPattern], load_profile: str | None
) -> dict[str, Any]:
    """Record and evaluate; a recording's result is kept for the next first look."""
    if options.capture is not None:
        recorded = open_recorded(options.capture)
    else:
        seconds = options.record_for or cli.settings.record.duration
        recorded = record_here(cli, seconds=seconds, load_profile=load_profile)
    with open_collector(cli) as evaluator:
        version = evaluator.version
        reports = evaluate_catalogue(
            cli, evaluator, recorded.capture, critical=critical, cpu_seconds=options.cpu_seconds
        )
    result = RunResult(recorded, version, reports).as_dict()
    if options.capture is None:
        remember(cli, result)
    return result


def _steps(result: Mapping[str, Any], options: RunOptions) -> Verbatim:
    # A line that a terminal breaks can be pasted whole; one that was broken when it was written cannot.
    return Verbatim(next_steps(result, options.called_as) + "\n")


def _live(cli: Cli, options: RunOptions, critical: Sequence[ProcessPattern], result: dict[str, Any]) -> None:
    """Run the experiment, and serve on until Ctrl-C unless asked to end.

    People read the offline part before the minutes that follow; programs get one document at the end.
    """
    form = options.output_format or cli.settings.output_format
    for_people = form in (OutputFormat.TABLE, OutputFormat.MARKDOWN)
    if for_people:
        cli.emit(result, offline_blocks(result), form)
        cli.say("")
    design = LiveDesign(
        candidate=result["best"] or OTHERWISE,
        critical=critical,
        interval_seconds=cli.settings.record.interval,
        windows=options.windows,
        # A window holds a scrape at least.
        window_seconds=max(options.window_seconds, cli.settings.record.interval),
    )
    with live_experiment(cli, design, keep=not options.once) as live:
        shown = (
            [*live.blocks(), _steps(result, options)]
            if options.once
            else [*live.blocks(), live.next_steps(options.called_as)]
        )
        cli.emit({**result, **live.comparison} if not for_people else result, shown, form)
        if not options.once:
            live.serve()
