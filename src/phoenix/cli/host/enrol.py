"""`phoenix host enrol`: make this machine a host of the server, its collector run by the stock supervisor."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.files import read_text
from phoenix.cli.host.enrolment import enrol_here
from phoenix.cli.host.folder import folder_of
from phoenix.cli.host.supervise import supervise
from phoenix.cli.options import OutputFormatOption
from phoenix.collector.supervised.model import SupervisorFiles
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class EnrolOptions:
    """What `phoenix host enrol` was asked.

    Attributes:
        name: None for this machine's own.
        config: what the collector runs until something better is verified; None for the built-in baseline.
        folder: None for one of the host's name in the XDG state folder.
        again: renew a host that is enrolled already, files and credential.
        start: run the supervisor now, in the foreground.
    """

    name: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    config: str | None = None
    folder: Path | None = None
    again: bool = False
    start: bool = False
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    name: Annotated[str | None, typer.Option(help="Name of the host. Default: this machine's.")] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="A label; may be given several times.")
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(help="Collector config that it runs now, or - for stdin. Default: the built-in baseline."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder for the supervisor. Default: in the state folder.", readable=False),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Renew a host that is enrolled already; its old credential ends.")
    ] = False,
    start: Annotated[bool, typer.Option("--start", help="Run the supervisor now, until Ctrl-C.")] = False,
    output_format: OutputFormatOption = None,
) -> None:
    """Enrol this machine: get a credential, write the supervisor's files, say how to start it."""
    labels = parse_labels(label or ())
    run(ctx.obj, EnrolOptions(name, labels, config, folder, again, start, output_format))


def parse_labels(texts: Sequence[str]) -> dict[str, str]:
    """Return labels of `KEY=VALUE` texts.

    Raises:
        UsageError: a text has no `=`, or a key comes twice.
    """
    labels: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"--label {text}: not KEY=VALUE", user_action="Write a label as --label app=web.")
        if key in labels:
            raise UsageError(f"--label {text}: {key} is given twice", user_action="Give each label once.")
        labels[key] = value
    return labels


def run(cli: Cli, options: EnrolOptions) -> None:
    """Enrol, write the files, emit where they are, and run the supervisor if asked.

    Raises:
        PhoenixError: a file cannot be read or written, a program is missing, the server refuses.
    """
    config = read_text(cli.streams, options.config) if options.config else ""
    name = options.name or socket.gethostname()
    folder = (options.folder or folder_of(name)).absolute()
    host, files = enrol_here(cli, folder, name=name, labels=options.labels, config=config, again=options.again)
    _tell(cli, options, host, files)
    if options.start:
        supervise(cli, files)


def _tell(cli: Cli, options: EnrolOptions, host: Mapping[str, object], files: SupervisorFiles) -> None:
    start = f"phoenix host start {files.folder}"
    data = {"host": host, "folder": files.folder, "supervisor": files.supervisor, "start": start}
    lines = [f"Enrolled {host['name']} as {host['id']}; its files are in {files.folder}."]
    if not options.start:
        lines.append(f"Start it with: {start}")
    cli.emit(data, ["\n".join(lines)], options.output_format)
