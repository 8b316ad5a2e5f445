"""`phoenix host start FOLDER`: run the supervisor of an enrolled host in the foreground."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import InputFileNotFoundError
from phoenix.cli.host.supervise import supervise
from phoenix.cli.programs import the_supervisor
from phoenix.collector.supervised.model import SupervisorFiles


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What `phoenix host start` was asked."""

    folder: Path


def command(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder that `phoenix host enrol` named.", readable=False)],
) -> None:
    """Run the supervisor of an enrolled host, and its collector, until Ctrl-C."""
    run(ctx.obj, StartOptions(folder))


def run(cli: Cli, options: StartOptions) -> None:
    """Run it.

    Raises:
        InputFileNotFoundError: the folder is not that of a host.
        PhoenixError: the supervisor is missing, runs already, or ended by itself.
    """
    folder = options.folder.absolute()
    if not SupervisorFiles(folder).config.is_file():
        raise InputFileNotFoundError(
            f"{folder}: no host was enrolled here",
            user_action="Name the folder that `phoenix host enrol` told, or enrol the host.",
        )
    supervise(cli, SupervisorFiles(folder, the_supervisor(cli).path))
