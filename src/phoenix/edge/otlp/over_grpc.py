"""OTLP over gRPC: a generic handler for a grpcio aio server, which may carry other services too.

Messages arrive as bytes, and still compressed: the library would unfold a small message into gigabytes. gzip or no
compression; the library itself refuses a sender that announces another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import grpc
import structlog
from grpc import aio

from phoenix.core.errors import PhoenixError
from phoenix.edge.otlp.decompression import too_large, unfolding
from phoenix.edge.otlp.receiving import OWN_ARM, OWN_STREAM, Receiver, StreamName, answer_to

_log = structlog.get_logger("phoenix.otlp")

SERVICE: Final = "opentelemetry.proto.collector.metrics.v1.MetricsService"
# An OTLP request begins with its first field's tag, never so.
_GZIP_MAGIC: Final = b"\x1f\x8b"


def server_options(receiver: Receiver) -> list[tuple[str, int]]:
    """Return what a server that carries this handler must be made with.

    A sender that stops in the middle of a message, or of its headers, is cut off by the age of its connection; each
    connection has a few calls at a time, so what it can hold up is bounded.
    """
    limits = receiver.limits
    milliseconds = round(limits.read_seconds * 1000)
    return [
        ("grpc.max_receive_message_length", limits.body_bytes),
        ("grpc.per_message_decompression", 0),
        ("grpc.max_concurrent_streams", 32),
        ("grpc.max_metadata_size", 16 * 1024),
        ("grpc.server_handshake_timeout_ms", milliseconds),
        # Collectors keep one connection for good; a new one an hour costs them nothing.
        ("grpc.max_connection_age_ms", 3_600_000),
        ("grpc.max_connection_age_grace_ms", milliseconds),
        ("grpc.max_connection_idle_ms", 600_000),
        ("grpc.keepalive_time_ms", milliseconds),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
        ("grpc.so_reuseport", 0),
    ]


def handler(receiver: Receiver) -> grpc.GenericRpcHandler:
    """Return the handler of the metrics service, for `aio.Server.add_generic_rpc_handlers`."""
    call: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_exporter(receiver))
    return grpc.method_handlers_generic_handler(SERVICE, {"Export": call})


def _exporter(receiver: Receiver) -> Callable[[bytes, Any], Awaitable[bytes]]:
    async def export(message: bytes, context: aio.ServicerContext[bytes, bytes]) -> bytes:
        call = _Call(receiver)
        code, details, answer = grpc.StatusCode.OK, "", b""
        try:
            metadata = _texts(context.invocation_metadata() or [])
            origin = await receiver.origin(_stream(metadata), metadata.get("authorization", ""))
            answer = await receiver.take(origin, await call.decoded(message))
        except PhoenixError as error:
            code, details = answer_to(error)[1], f"{error.message}. {error.user_action}"
        except Exception:  # noqa: BLE001 - a bug in one call must not end the connection
            _log.exception("a message could not be taken")
            code, details = grpc.StatusCode.INTERNAL, "an error inside Phoenix; its log says more"
        finally:
            call.release()
        receiver.counters.outcomes["grpc", code.name] += 1
        if code is not grpc.StatusCode.OK:
            await context.abort(code, details)
        return answer

    return export


class _Call:
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._held = 0

    async def decoded(self, message: bytes) -> bytes:
        receiver = self._receiver
        receiver.counters.wire_bytes += len(message)
        self._hold(len(message))
        if not message.startswith(_GZIP_MAGIC):
            return message
        undo = unfolding("gzip")
        contents: list[bytes] = []
        size = 0
        for content in undo.feed(message):
            size += len(content)
            too_large(size, receiver.limits.decoded_bytes)
            self._hold(len(content))
            contents.append(content)
            await asyncio.sleep(0)
        undo.finish()
        return b"".join(contents)

    def _hold(self, size: int) -> None:
        self._receiver.hold(size)
        self._held += size

    def release(self) -> None:
        self._receiver.release(self._held)
        self._held = 0


def _texts(metadata: Iterable[tuple[str, str | bytes]]) -> dict[str, str]:
    return {key: value for key, value in metadata if isinstance(value, str)}


def _stream(metadata: dict[str, str]) -> StreamName:
    arm = metadata.get("x-phoenix-arm", "")
    if arm == OWN_ARM:
        return OWN_STREAM
    return StreamName(metadata.get("x-phoenix-experiment", ""), arm, metadata.get("x-phoenix-revision", ""))
