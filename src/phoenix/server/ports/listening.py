"""Where the server listens, decided and checked before anything is served."""

import errno
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phoenix.core.errors import PhoenixError
from phoenix.server.errors import AddressUnusableError, PlaintextRefusedError, PortInUseError, TlsFilesError
from phoenix.settings.server import ServerSettings

_BACKLOG: Final = 2048
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - addresses to recognise, not to listen on


@dataclass(frozen=True, slots=True)
class Tls:
    """Files that make a port speak TLS."""

    certificate: Path
    key: Path


def tls_of(settings: ServerSettings) -> Tls | None:
    """Return the files for TLS, or None for plaintext where that is allowed.

    Raises:
        TlsFilesError: one of the two is missing, unreadable, or they do not belong together.
        PlaintextRefusedError: there are none, and others than this machine could reach the server.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        if not (settings.plaintext or is_loopback(settings.host)):
            raise PlaintextRefusedError(
                f"server.host {settings.host} can be reached from elsewhere, and there is no certificate for TLS"
            )
        return None
    if certificate is None or key is None:
        raise TlsFilesError("server.tls_certificate and server.tls_key belong together, and one is missing")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise TlsFilesError(f"{certificate} and {key}: {reason}", certificate=str(certificate)) from error
    return Tls(certificate, key)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Return a socket that listens; `setting` is where the port comes from.

    Raises:
        PortInUseError: another program has the port.
        AddressUnusableError: this machine has no such address, or this user may not take the port.
    """
    place = f"{setting}: {host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressUnusableError(f"{place}: {error.strerror}", host=host) from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _refused(place, error) from error
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listener


def _refused(place: str, error: OSError) -> PhoenixError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(f"{place}: another program listens there", place=place)
    return AddressUnusableError(f"{place}: {error.strerror}", place=place)


def url_of(settings: ServerSettings, listener: socket.socket, tls: Tls | None) -> str:
    """Return how hosts reach the server: the setting, else the address it listens on."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    return f"{'https' if tls else 'http'}://{address_of(settings.host, listener.getsockname()[1])}"


def address_of(host: str, port: int) -> str:
    """Return `host:port` as this machine reaches it."""
    reachable = _ANY.get(host, host)
    return f"[{reachable}]:{port}" if ":" in reachable else f"{reachable}:{port}"
