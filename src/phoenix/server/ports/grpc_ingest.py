"""The gRPC port: OTLP so far."""

import contextlib
from collections.abc import AsyncIterator
from typing import Final

import grpc
from grpc import aio

from phoenix.edge.otlp.over_grpc import handler, server_options
from phoenix.edge.otlp.receiving import Receiver
from phoenix.server.errors import PortInUseError
from phoenix.server.ports.listening import Tls, address_of, listen
from phoenix.settings.server import ServerSettings

_GRACE_SECONDS: Final = 5.0


@contextlib.asynccontextmanager
async def grpc_ingest(receiver: Receiver, settings: ServerSettings, tls: Tls | None) -> AsyncIterator[str]:
    """Serve until the block ends, and give the address as this machine reaches it.

    Raises:
        PortInUseError: another program has the port.
        AddressUnusableError: this machine has no such address, or this user may not take the port.
    """
    # The library only says that it failed; our own socket says why, and finds a free port for 0.
    with contextlib.closing(listen(settings.host, settings.grpc_port, "server.grpc_port")) as probe:
        port = probe.getsockname()[1]
    server = aio.server(options=server_options(receiver))
    server.add_generic_rpc_handlers((handler(receiver),))
    try:
        _add_port(server, f"{_bracketed(settings.host)}:{port}", tls)
    except RuntimeError as error:
        raise PortInUseError(f"server.grpc_port: {settings.host}:{port}: taken just now", port=port) from error
    await server.start()
    try:
        yield address_of(settings.host, port)
    finally:
        await server.stop(_GRACE_SECONDS)


def _add_port(server: aio.Server, address: str, tls: Tls | None) -> None:
    if tls is None:
        server.add_insecure_port(address)
        return
    pair = (tls.key.read_bytes(), tls.certificate.read_bytes())
    server.add_secure_port(address, grpc.ssl_server_credentials([pair]))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
