"""`phoenix pipeline get NAME`: what one pipeline of the catalogue does and takes."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.template import Template
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What `phoenix pipeline get` was asked."""

    name: str
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Name or alias of a pipeline of the catalogue.")],
    output_format: OutputFormatOption = None,
) -> None:
    """Show one pipeline: strategy, parameters, what it drops and folds."""
    run(ctx.obj, GetOptions(name, output_format))


def run(cli: Cli, options: GetOptions) -> None:
    """Emit everything the template declares.

    Raises:
        TemplateNotFoundError: no template has this name.
    """
    template = registry.find(options.name)
    cli.emit(_data(template), _blocks(template), options.output_format)


def _data(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "aliases": template.aliases,
        "summary": template.summary,
        "strategy": template.strategy,
        "drops": template.drops,
        "folds": template.folds,
        "parameters": [
            {
                "name": it.name,
                "type": it.type,
                "default": it.default,
                "range": it.range,
                "description": it.description,
            }
            for it in template.parameters
        ],
    }


def _blocks(template: Template) -> list[Block]:
    aliases = f" (also {', '.join(template.aliases)})" if template.aliases else ""
    return [
        f"{template.name}{aliases}: {template.summary}",
        template.strategy,
        f"Drops: {template.drops}\nFolds: {template.folds}",
        Table(
            (Column("parameter", keep=True), Column("value"), Column("default"), Column("meaning")),
            [(it.name, it.range or it.form, _default(it.default), it.description) for it in template.parameters],
        ),
    ]


def _default(value: object) -> str:
    if value is None:
        return "unset"
    return str(value).lower() if isinstance(value, bool) else str(value)
