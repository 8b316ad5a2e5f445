"""uvicorn with a limit that it lacks: the head of a request must be small and arrive in time (slow loris).

Its own idle limit begins only after a first answer, and its parser keeps a head of any size.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from phoenix.server.ports.listening import Tls

_MAX_HEAD_BYTES: Final = 64 * 1024
_IDLE_SECONDS: Final = 30
# An OpAMP message is 5 to 10 kB; one that carried a config of 15,000 statements had 1.2 MB.
_MAX_WEBSOCKET_MESSAGE_BYTES: Final = 4 * 1024 * 1024
_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class GuardedProtocol(HttpToolsProtocol):
    """One connection. Whenever it owes us a request, a clock runs until the head of it is there."""

    head_seconds: float = 10.0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._had_request = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; count them while no request is being answered."""
        owes = not self._answering()
        if owes:
            self._expect_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if owes and self._deadline is not None and self._head_bytes > _MAX_HEAD_BYTES:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """Stop the clock: the head is there, and the body has limits of its own."""
        self._stop_clock()
        super().on_headers_complete()
        self._had_request = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        return self._had_request and not self.cycle.response_complete

    def _expect_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_clock(self) -> None:
        self._head_bytes = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse_head(self) -> None:
        # After an answer these may be the rest of a body that nobody read: there is nothing more to say.
        if not self._had_request:
            self.transport.write(_HEAD_TOO_LARGE)
        self.transport.close()


class _NoFalseAlarms(logging.Filter):
    """Drops what uvicorn says of every upgrade that is answered by an HTTP status: that it was not answered.

    A fleet that comes back at once is told to come later ten thousand times, and none of these is an error.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to keep a record."""
        return record.msg != "ASGI callable returned without completing handshake."


class WebServer(uvicorn.Server):
    """uvicorn that leaves signals to the process, which has more than it to stop.

    Attributes:
        serving: set once it takes connections.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets)
        self.serving.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield

    def stop(self, *, at_once: bool = False) -> None:
        """Ask it to end: requests under way are finished, unless `at_once`. Safe to call twice."""
        self.should_exit = True
        self.force_exit = self.force_exit or at_once


# One for all servers of a process: a logger keeps each filter once.
_FALSE_ALARMS: Final = _NoFalseAlarms()


def web_server(app: ASGIApp, *, tls: Tls | None, head_seconds: float, shutdown_seconds: float) -> WebServer:
    """Return the server of an app, not started yet: `await server.serve(sockets=[...])`."""
    logging.getLogger("uvicorn.error").addFilter(_FALSE_ALARMS)
    protocol = type("Protocol", (GuardedProtocol,), {"head_seconds": head_seconds})
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="websockets-sansio",
        ws_max_size=_MAX_WEBSOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        interface="asgi3",
        lifespan="off",
        # The edge writes a line a request, with what it knows more.
        access_log=False,
        log_config=None,
        server_header=False,
        # Whoever puts a proxy in front says so by its own configuration; a header proves nothing.
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=max(1, round(shutdown_seconds)),
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    return WebServer(config)
