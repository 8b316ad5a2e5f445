"""OTLP over HTTP: a bare ASGI application, mounted beside the API under /otlp.

Binary protobuf only, as the collector sends it; gzip, zstd or deflate. A request is known by its path and token before
a byte of its body is read, and its body is bounded while it is read, so strangers cost little.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

import structlog

from phoenix.core.errors import PhoenixError, UnavailableError
from phoenix.edge.otlp.decompression import too_large, unfolding
from phoenix.edge.otlp.errors import OtlpMediaTypeError, OtlpMethodError, OtlpPathError, OtlpSlowError
from phoenix.edge.otlp.receiving import OWN_STREAM, Receiver, StreamName, answer_to

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_log = structlog.get_logger("phoenix.otlp")

_PROTOBUF: Final = "application/x-protobuf"
_MEDIA_TYPES: Final = frozenset({_PROTOBUF, "application/protobuf"})
_TAIL: Final = ("v1", "metrics")


class OtlpHttp:
    """The application. Paths: /otlp/EXPERIMENT/ARM/REVISION/v1/metrics and /otlp/own/v1/metrics."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise RuntimeError(f"OTLP is not spoken over {scope['type']}")
        reading = _Reading(self._receiver, scope, receive)
        retry = None
        try:
            status, content = 200, await self._answer(scope, reading)
        except PhoenixError as error:
            status, code = answer_to(error)
            content = _status(code.value[0], f"{error.message}. {error.user_action}")
            retry = self._receiver.limits.retry_seconds if isinstance(error, UnavailableError) else None
        except Exception:  # noqa: BLE001 - a bug in one request must not end the connection
            _log.exception("a body could not be taken", path=scope["path"])
            status, content = 500, _status(13, "an error inside Phoenix; its log says more")
        finally:
            reading.release()
        self._receiver.counters.outcomes["http", str(status)] += 1
        await _send(send, status, content, retry=retry, close=not reading.done)

    async def _answer(self, scope: Scope, reading: "_Reading") -> bytes:
        stream = _stream(scope)
        if scope["method"] != "POST":
            raise OtlpMethodError(f"{scope['method']} is not possible here")
        origin = await self._receiver.origin(stream, reading.headers.get("authorization", ""))
        media_type = reading.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _MEDIA_TYPES:
            raise OtlpMediaTypeError(f"the media type {media_type!r} is not taken")
        return await self._receiver.take(origin, await reading.body())


class _Reading:
    # The body of one request.

    def __init__(self, receiver: Receiver, scope: Scope, receive: Receive) -> None:
        self._receiver, self._receive = receiver, receive
        self.headers: Mapping[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._held = 0
        self.done = False

    async def body(self) -> bytes:
        limits = self._receiver.limits
        declared = self.headers.get("content-length", "")
        too_large(int(declared) if declared.isdecimal() and len(declared) < 20 else 0, limits.body_bytes)
        try:
            async with asyncio.timeout(limits.read_seconds):
                return await self._decoded()
        except TimeoutError as error:
            raise OtlpSlowError(f"the body did not arrive within {limits.read_seconds:g} s") from error

    async def _decoded(self) -> bytes:
        limits, undo = self._receiver.limits, unfolding(self.headers.get("content-encoding", ""))
        contents: list[bytes] = []
        wire = 0
        while not self.done:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise OtlpSlowError("the sender went away before its body was whole")
            piece: bytes = message.get("body", b"")
            wire += len(piece)
            self._receiver.counters.wire_bytes += len(piece)
            too_large(wire, limits.body_bytes)
            for content in undo.feed(piece):
                too_large(self._held + len(content), limits.decoded_bytes)
                self._receiver.hold(len(content))
                self._held += len(content)
                contents.append(content)
                # Others get their turn between two steps of a large body.
                await asyncio.sleep(0)
            self.done = not message.get("more_body", False)
        undo.finish()
        return b"".join(contents)

    def release(self) -> None:
        self._receiver.release(self._held)
        self._held = 0


def _stream(scope: Scope) -> StreamName:
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    parts = path.strip("/").split("/")
    if parts[0] == "otlp":
        parts = parts[1:]
    names, tail = parts[:-2], tuple(parts[-2:])
    if tail == _TAIL and names == ["own"]:
        return OWN_STREAM
    if tail == _TAIL and len(names) == 3:
        return StreamName(*names)
    raise OtlpPathError(f"there is no ingest at {scope['path'][:200]!r}")


def _status(code: int, message: str) -> bytes:
    # google.rpc.Status, which senders of OTLP read: the code, and a sentence.
    text = message[:1000].encode(errors="replace")
    length = bytes([len(text) & 0x7F | 0x80, len(text) >> 7]) if len(text) > 0x7F else bytes([len(text)])
    return bytes([0x08, code, 0x12]) + length + text


async def _send(send: Send, status: int, content: bytes, *, retry: int | None, close: bool) -> None:
    headers = [(b"content-type", _PROTOBUF.encode()), (b"content-length", str(len(content)).encode())]
    if retry is not None:
        headers.append((b"retry-after", str(retry).encode()))
    if close:
        # What is left of the body will not be read.
        headers.append((b"connection", b"close"))
    if status == 405:
        headers.append((b"allow", b"POST"))
    try:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})
    except OSError:
        # The sender went away.
        return
