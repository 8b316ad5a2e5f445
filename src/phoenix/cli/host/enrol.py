"""`phoenix host enrol`: make this machine a host of the server, its collector run by the stock supervisor."""

import contextlib
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.files import output_error, read_text
from phoenix.cli.host.errors import HostFolderTakenError
from phoenix.cli.host.folder import folder_of
from phoenix.cli.host.supervise import supervise
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.programs import the_collector, the_supervisor
from phoenix.client.hosts import Hosts
from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.model import SupervisedHost, SupervisorFiles
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
    # Everything that can fail here fails before the server knows of the host.
    collector, supervisor = the_collector(cli), the_supervisor(cli)
    with _made(folder, again=options.again):
        authority = _authority(cli, folder)
        enrolled = Hosts(cli.server).enrol(name, options.labels, config, again=options.again)
    host = SupervisedHost(
        cli.server.url, enrolled["credential"], collector.path, supervisor.path, environment=authority
    )
    files = write_files(folder, host)
    _tell(cli, options, enrolled["host"], files)
    if options.start:
        supervise(cli, files)


@contextlib.contextmanager
def _made(folder: Path, *, again: bool) -> Iterator[None]:
    """Make the folder; take it away again, if it was not there, when the block fails."""
    new = not folder.exists()
    _make(folder, again=again)
    try:
        yield
    except BaseException:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _make(folder: Path, *, again: bool) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not again and SupervisorFiles(folder).config.exists():
            raise HostFolderTakenError(f"{folder}: holds the files of a host", path=str(folder))
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise output_error(str(folder), error) from error


def _authority(cli: Cli, folder: Path) -> dict[str, str]:
    """Return the variables by which supervisor and collector trust the server's own authority, where it has one.

    Go's programs read SSL_CERT_FILE, and the system's folder of authorities beside it.
    """
    if cli.settings.api_ca is None:
        return {}
    mine = folder / "authority.pem"
    try:
        mine.write_bytes(cli.settings.api_ca.read_bytes())
    except OSError as error:
        raise output_error(str(mine), error) from error
    return {"SSL_CERT_FILE": str(mine)}


def _tell(cli: Cli, options: EnrolOptions, host: Mapping[str, object], files: SupervisorFiles) -> None:
    start = f"phoenix host start {files.folder}"
    data = {"host": host, "folder": files.folder, "supervisor": files.supervisor, "start": start}
    lines = [f"Enrolled {host['name']} as {host['id']}; its files are in {files.folder}."]
    if not options.start:
        lines.append(f"Start it with: {start}")
    cli.emit(data, ["\n".join(lines)], options.output_format)
