"""`phoenix capture import IN`: telemetry that somebody else recorded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.capture.contents import Contents
from phoenix.cli.capture.get import contents_blocks
from phoenix.cli.capture.place import check_new_capture
from phoenix.cli.context import Cli
from phoenix.cli.files import check_input
from phoenix.cli.options import OutputFormatOption
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.importing import import_capture
from phoenix.telemetry.masking import mask_command_lines
from phoenix.telemetry.storage import save


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What `phoenix capture import` was asked.

    Attributes:
        file: what to read.
        output: the new capture.
        mask: mask the arguments of command lines.
    """

    file: Path
    output: Path
    mask: bool = False
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="IN",
            help="JSON lines, a protobuf request, or frames, as the collector's file exporter writes them.",
            readable=False,
        ),
    ],
    *,
    output: Annotated[Path, typer.Option(help="The capture to make: a folder that is not there yet.", readable=False)],
    mask: Annotated[bool, typer.Option("--mask", help="Mask the arguments of command lines.")] = False,
    output_format: OutputFormatOption = None,
) -> None:
    """Make a capture of OTLP metrics: JSON lines or protobuf."""
    run(ctx.obj, ImportOptions(file, output, mask, output_format))


def run(cli: Cli, options: ImportOptions) -> None:
    """Import, save, and emit what the capture holds.

    Raises:
        PhoenixError: the file cannot be read, is no OTLP (the line or byte is named), or the place is taken.
    """
    check_new_capture(options.output)
    check_input(options.file)
    with cli.progress(f"Importing {options.file}"):
        try:
            capture = import_capture(options.file)
        except TelemetryInvalidError as error:
            if str(options.file) in error.message:
                raise
            message = f"{options.file}: {error.message}"
            raise TelemetryInvalidError(message, user_action=error.user_action, **error.details) from error
    if options.mask:
        capture = mask_command_lines(capture)
    save(capture, options.output)
    contents = Contents.of(capture)
    cli.emit(contents.as_dict(options.output), contents_blocks(contents, options.output), options.output_format)
