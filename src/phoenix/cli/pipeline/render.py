"""`phoenix pipeline render NAME`: the collector config of a pipeline of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.files import write_text
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.pipeline.parameters import ParamOption, parse_parameters, shown, with_settings
from phoenix.cli.terminal.blocks import Verbatim
from phoenix.collector.catalogue import registry
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.storage import load


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What `phoenix pipeline render` was asked."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    capture: Path | None = None
    output: Path | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="Name or alias of a pipeline of the catalogue.")],
    param: ParamOption = None,
    capture: Annotated[
        Path | None, typer.Option(help="The capture that top_k derives its thresholds from.", readable=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the config to this file instead of stdout.", readable=False)
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Write the collector config of a pipeline with its parameters filled in."""
    run(ctx.obj, RenderOptions(name, parse_parameters(param or ()), capture, output, output_format))


def run(cli: Cli, options: RenderOptions) -> None:
    """Emit the config text, or write it to a file; under json and yaml also the parameters used.

    Raises:
        TemplateNotFoundError: no template has this name.
        PhoenixError: a parameter does not fit, the capture cannot be read, the file cannot be written.
    """
    capture = load(options.capture) if options.capture else None
    rendered = registry.render(options.name, with_settings(cli, dict(options.parameters)), capture=capture)
    if options.output:
        write_text(options.output, rendered.text)
        cli.say(f"wrote {options.output}")
        return
    data = {
        "name": rendered.template.name,
        "parameters": {name: shown(value) for name, value in rendered.parameters.items()},
        "config": rendered.text,
    }
    cli.emit(data, [Verbatim(rendered.text, "yaml")], options.output_format)
