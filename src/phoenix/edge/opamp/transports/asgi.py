"""The shapes of ASGI that the app meets, and an HTTP answer. Source: ASGI 3, "HTTP & WebSocket ASGI Message Format"."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from phoenix.edge.opamp.admission import RefusedError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_PLAIN: Final = b"text/plain; charset=utf-8"


async def answer(
    send: Send,
    status: int,
    body: bytes,
    *,
    content_type: bytes = _PLAIN,
    headers: Iterable[tuple[bytes, bytes]] = (),
    before: str = "",
) -> None:
    """Send an HTTP response; `before` is the prefix of one that takes the place of a WebSocket upgrade."""
    named = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": f"{before}http.response.start", "status": status, "headers": named})
    await send({"type": f"{before}http.response.body", "body": body})


async def refuse(send: Send, refusal: RefusedError, *, before: str = "") -> None:
    """Send the response of a refusal, with when to come back."""
    headers = []
    if refusal.retry_after:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await answer(send, refusal.status, refusal.text.encode(), headers=headers, before=before)
