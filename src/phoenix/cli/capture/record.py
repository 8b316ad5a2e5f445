"""`phoenix capture record`: what a real collector sees of this host for a while."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.capture.contents import Contents
from phoenix.cli.capture.get import contents_blocks
from phoenix.cli.capture.place import check_new_capture
from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.programs import the_collector
from phoenix.collector.catalogue.source import RECEIVER, receivers
from phoenix.collector.record.recorder import record
from phoenix.core.units import format_duration, parse_duration
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.storage import save


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What `phoenix capture record` was asked; None takes the setting.

    Attributes:
        output: the new capture.
        seconds: how long.
        interval_seconds: between two scrapes.
        command_line: record process.command_line too, which the catalogue's pipelines leave out.
        mask: mask the arguments of command lines.
    """

    output: Path
    seconds: float | None = None
    interval_seconds: float | None = None
    command_line: bool = False
    mask: bool | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    output: Annotated[Path, typer.Option(help="The capture to make: a folder that is not there yet.", readable=False)],
    duration: Annotated[
        str | None,
        typer.Option("--for", help="How long, such as 60s. Default: the setting record.duration.", show_default=False),
    ] = None,
    interval: Annotated[
        str | None, typer.Option(help="Time between two scrapes. Default: record.interval.", show_default=False)
    ] = None,
    command_line: Annotated[
        bool, typer.Option("--command-line", help="Record process.command_line too, which the catalogue leaves out.")
    ] = False,
    mask: Annotated[
        bool | None,
        typer.Option(
            "--mask/--no-mask", help="Mask the arguments of command lines. Default: record.mask.", show_default=False
        ),
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Record the process metrics of this host through a real collector."""
    seconds, between = (None if text is None else parse_duration(text) for text in (duration, interval))
    run(ctx.obj, RecordOptions(output, seconds, between, command_line, mask, output_format))


def run(cli: Cli, options: RecordOptions) -> None:
    """Record, save, and emit what the capture holds.

    Raises:
        PhoenixError: the place is taken, no collector, the collector failed, nothing could be read.
    """
    check_new_capture(options.output)
    defaults = cli.settings.record
    seconds = options.seconds or defaults.duration
    interval = options.interval_seconds or defaults.interval
    collector = the_collector(cli)
    receiver = receivers(interval, command_line=options.command_line)[RECEIVER]
    with cli.progress(f"Recording this host for {format_duration(seconds)}", seconds) as step:
        recording = record(
            collector,
            seconds=seconds,
            receiver=receiver,
            interval_seconds=interval,
            mask=defaults.mask if options.mask is None else options.mask,
            progress=lambda progress: step.done(progress.elapsed_seconds),
        )
    save(recording.capture, options.output)
    contents = Contents.of(recording.capture)
    cli.emit(contents.as_dict(options.output), contents_blocks(contents, options.output), options.output_format)
