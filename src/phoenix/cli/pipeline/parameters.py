"""`--param NAME=VALUE`, as several commands take it."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.telemetry.processes import ProcessPattern

ParamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--param", "-p", metavar="NAME=VALUE", help="A parameter of the pipeline; may be given several times."
    ),
]


def parse_parameters(texts: Iterable[str]) -> dict[str, str]:
    """Return parameters by name; their values are read by the template.

    >>> parse_parameters(["interval=30s", "critical_processes=nginx,redis.*"])
    {'interval': '30s', 'critical_processes': 'nginx,redis.*'}

    Raises:
        UsageError: without `=`, or a name twice.
    """
    given: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise UsageError(f"--param {text!r}: not NAME=VALUE", user_action="Write --param NAME=VALUE.")
        if name in given:
            raise UsageError(f"--param {name}: given twice", user_action=f"Give {name} once.")
        given[name] = value
    return given


def with_settings(cli: Cli, given: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters with what the settings say of those that were not given."""
    critical = cli.settings.critical_processes
    return {**({"critical_processes": list(critical)} if critical else {}), **given}


def shown(value: object) -> object:
    """Return a resolved parameter as a user would write it."""
    if isinstance(value, tuple | list):
        return [shown(item) for item in value]
    return value.text if isinstance(value, ProcessPattern) else value
