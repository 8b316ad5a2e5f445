"""The connection of a command to its server, as the settings say."""

from typing import Final
from urllib.parse import urlsplit

from phoenix.client.connection import Connection
from phoenix.settings.model import Settings
from phoenix.settings.server import ADMIN_TOKEN_FILE

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def connect(settings: Settings) -> Connection:
    """Return a connection that is not opened yet.

    Raises:
        ApiAddressError: the setting api_url is no address, or api_ca is no certificate.
    """
    ca = str(settings.api_ca) if settings.api_ca else None
    return Connection(settings.api_url, token_of(settings), ca=ca)


def token_of(settings: Settings) -> str | None:
    """Return the token to show: the setting, else, for a server on this machine, the one in its data folder.

    None when there is neither; the server then says what to do. A token of this machine is shown to no other.
    """
    if settings.auth_token is not None:
        return settings.auth_token.get_secret_value()
    if urlsplit(settings.api_url).hostname not in _LOOPBACK:
        return None
    try:
        return (settings.server.data_dir / ADMIN_TOKEN_FILE).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
