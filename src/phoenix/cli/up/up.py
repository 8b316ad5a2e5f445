"""`phoenix up`: serve until Ctrl-C."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.programs import the_collector
from phoenix.cli.up.process import Server, running_server
from phoenix.settings.output_format import OutputFormat
from phoenix.settings.server import ADMIN_TOKEN_FILE

_LAST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What `phoenix up` was asked; None leaves a setting as it is."""

    host: str | None = None
    port: int | None = None
    grpc_port: int | None = None
    data_dir: Path | None = None
    output_format: OutputFormat | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """The same as settings of the server."""
        given = {
            "HOST": self.host,
            "PORT": self.port,
            "GRPC_PORT": self.grpc_port,
            "DATA_DIR": self.data_dir and self.data_dir.absolute(),
        }
        return {f"PHOENIX_SERVER__{name}": str(value) for name, value in given.items() if value is not None}


def command(
    ctx: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: server.host, 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=_LAST_PORT, help="Port. Default: server.port, 8080; 0: a free one.")
    ] = None,
    grpc_port: Annotated[
        int | None,
        typer.Option(min=0, max=_LAST_PORT, help="Port of OTLP/gRPC. Default: server.grpc_port, 5050; 0: a free one."),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of database and secrets. Default: server.data_dir.", readable=False)
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Run the server: API, OpAMP for supervisors, ingest of telemetry. It serves until Ctrl-C."""
    run(ctx.obj, UpOptions(host, port, grpc_port, data_dir, output_format))


def run(cli: Cli, options: UpOptions) -> None:
    """Emit where the server is once it serves, then wait for its end.

    Raises:
        ApiError: it does not start; the message says why.
        PhoenixError: the settings are wrong, or there is no collector and none can be built.
        ServerEndedError: it ended by itself.
    """
    # The server looks for a collector and builds none: here the first build shows how far it is.
    the_collector(cli)
    cli.say("Phoenix starts ...")
    # Ctrl-C is how a server is meant to end.
    with contextlib.suppress(KeyboardInterrupt), running_server(options.environment) as server:
        _tell(cli, server, options)
        server.wait()


def _tell(cli: Cli, server: Server, options: UpOptions) -> None:
    lines = [f"Phoenix serves on {server.url}, its data in {server.facts['data_dir']}. Ctrl-C ends it."]
    if server.url.rstrip("/") != cli.settings.api_url.rstrip("/"):
        lines.append(f"Other commands reach it with: export PHOENIX_API_URL={server.url}")
    if server.admin_token:
        lines.append(f"Admin token, shown this once: {server.admin_token}")
        lines.append(f"Commands of this user find it in {Path(server.facts['data_dir']) / ADMIN_TOKEN_FILE}.")
    cli.emit(server.facts, ["\n".join(lines)], options.output_format)
