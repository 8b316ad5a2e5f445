"""Making this machine a host, for `host enrol` and the main job: folder, credential, the supervisor's files."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from phoenix.cli.context import Cli
from phoenix.cli.files import output_error
from phoenix.cli.host.errors import HostFolderTakenError
from phoenix.cli.programs import the_collector, the_supervisor
from phoenix.client.hosts import Hosts
from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.model import SupervisedHost, SupervisorFiles


def enrol_here(
    cli: Cli, folder: Path, *, name: str, labels: Mapping[str, str], config: str, again: bool
) -> tuple[Mapping[str, Any], SupervisorFiles]:
    """Enrol this machine and return the host as the server knows it, with the files of its supervisor in `folder`.

    Args:
        cli: of the command; its server takes the host in.
        folder: for the supervisor; made if need be, and gone again where enrolling fails.
        name: of the host.
        labels: of the host.
        config: that its collector runs; empty for the built-in baseline.
        again: renew a host that is enrolled already.

    Raises:
        HostFolderTakenError: the folder holds the files of a host, and this is not `again`.
        PhoenixError: a file cannot be written, a program is missing, the server refuses.
    """
    # Everything that can fail here fails before the server knows of the host.
    collector, supervisor = the_collector(cli), the_supervisor(cli)
    with _made(folder, again=again):
        authority = _authority(cli, folder)
        enrolled = Hosts(cli.server).enrol(name, labels, config, again=again)
    wanted = SupervisedHost(
        cli.server.url, enrolled["credential"], collector.path, supervisor.path, environment=authority
    )
    return enrolled["host"], write_files(folder, wanted)


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
