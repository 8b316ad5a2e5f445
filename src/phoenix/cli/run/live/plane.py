"""The control plane of the main job: the server that `phoenix up` runs, with its data where the job wants it."""

import contextlib
import fcntl
import json
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from phoenix.cli.context import Cli
from phoenix.cli.run.live.errors import RunServerBusyError, RunTokenMissingError
from phoenix.cli.up.process import Server, running_server
from phoenix.client.connection import Connection
from phoenix.core.units import format_duration
from phoenix.settings.folders import state_folder
from phoenix.settings.server import ADMIN_TOKEN_FILE, LOCK_FILE

# Reports of the collector about itself: often enough that a minute of measuring has before and after.
_OWN_METRICS_SECONDS: Final = 5.0
_LOG: Final = "server.log"


@dataclass(frozen=True, slots=True)
class Plane:
    """A server that serves the main job.

    Attributes:
        cli: for commands that speak with this server.
        server: its process.
        hosts: folder for the files of supervised collectors.
        prefix: what a command in another terminal needs before it to find this server; empty when it needs nothing.
        log: what the server says.
    """

    cli: Cli
    server: Server
    hosts: Path
    prefix: str
    log: Path


@contextlib.contextmanager
def control_plane(cli: Cli, *, keep: bool) -> Iterator[Plane]:
    """Give a server that serves, ended after the block.

    Args:
        cli: of the command.
        keep: serve on the ports and from the folder of the settings, where other commands look for it; else on free
            ports from a folder that is gone afterwards, so that a server which runs already is not disturbed.

    Raises:
        PhoenixError: the server does not start; its own words say why.
    """
    with contextlib.ExitStack() as stack:
        if keep:
            data, hosts = cli.settings.server.data_dir, state_folder() / "hosts"
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            ports = _ports(cli)
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="phoenix-run-")))
            data, hosts, ports = folder / "server", folder / "hosts", {"PORT": "0", "GRPC_PORT": "0"}
            data.mkdir(mode=0o700)
        log = data / _LOG
        environment = {
            **ports,
            "DATA_DIR": str(data),
            "OWN_METRICS_INTERVAL": format_duration(_OWN_METRICS_SECONDS),
        }
        server = stack.enter_context(
            running_server(
                {f"PHOENIX_SERVER__{name}": value for name, value in environment.items()},
                log=stack.enter_context(log.open("ab")),
            )
        )
        ca = str(cli.settings.api_ca) if cli.settings.api_ca else None
        connection = Connection(server.url, _token(cli, data), ca=ca)
        stack.callback(connection.close)
        prefix = "" if server.url == cli.settings.api_url.rstrip("/") else f"PHOENIX_API_URL={server.url} "
        yield Plane(replace(cli, server_source=lambda _: connection), server, hosts, prefix, log)


def check_free(cli: Cli) -> None:
    """Return when no server uses the folder to serve from; asked before the minutes of recording.

    Raises:
        RunServerBusyError: one does.
    """
    path = cli.settings.server.data_dir / LOCK_FILE
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        try:
            url = str(json.loads(path.read_text(encoding="utf-8"))["url"])
        except (OSError, ValueError, KeyError, TypeError):
            url = None
        told = f" at {url}" if url else ""
        raise RunServerBusyError(f"{path.parent}: a server uses this folder already{told}", url=url) from error
    except OSError:
        # Not there yet, or not to be read: the server itself says so, and better.
        return


def _token(cli: Cli, data: Path) -> str:
    try:
        return (data / ADMIN_TOKEN_FILE).read_text(encoding="utf-8").strip()
    except OSError as error:
        if cli.settings.auth_token is not None:
            return cli.settings.auth_token.get_secret_value()
        raise RunTokenMissingError(f"{data / ADMIN_TOKEN_FILE}: {error.strerror}") from error


def _ports(cli: Cli) -> Mapping[str, str]:
    """Return free ports in place of those of the settings that another program holds, and say so."""
    own = cli.settings.server
    wanted = {"PORT": own.port, "GRPC_PORT": own.grpc_port}
    taken = {name for name, port in wanted.items() if port and _taken(own.host, port)}
    for name in sorted(taken):
        cli.say(f"Port {wanted[name]} is taken by another program: using a free one instead.")
    return {name: "0" if name in taken else str(port) for name, port in wanted.items()}


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
