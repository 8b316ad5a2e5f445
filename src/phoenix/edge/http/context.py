"""What surrounds every request: its id, its limits of body and time, security headers, a line of log, two metrics."""

import asyncio
import re
import time
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from phoenix.core.clock import Clock
from phoenix.core.ids import new_id
from phoenix.edge.http.errors import BodyTooLargeError, BodyTooSlowError
from phoenix.edge.http.metrics import ApiMetrics
from phoenix.edge.http.problems import bug_response, problem_response
from phoenix.edge.http.refusal import Refusal

REQUEST_ID_HEADER: Final = "x-request-id"
# A caller's own id is taken when it can stand in a log and a header as it is.
_FIT_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECURITY_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_HTTPS_ONLY: Final = "max-age=31536000"

_log = structlog.get_logger(__name__)


class RequestContext:
    """The outermost part of the API: an ASGI app around an ASGI app."""

    def __init__(
        self, app: ASGIApp, *, clock: Clock, metrics: ApiMetrics, max_body_bytes: int, body_seconds: float
    ) -> None:
        self._app, self._clock, self._metrics = app, clock, metrics
        self._max_body_bytes, self._body_seconds = max_body_bytes, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        scope.setdefault("state", {}).update(request_id=request_id, operation="none")
        answer = _Answer(send, request_id, https=scope["scheme"] == "https")
        body = _LimitedBody(receive, self._max_body_bytes, self._body_seconds)
        begin = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                body.refuse_if_announced_too_large(scope)
                await self._app(scope, body.receive, answer.send)
            except Refusal as refusal:
                await answer.replace(problem_response(refusal.error, request_id), scope)
            except Exception:  # noqa: BLE001 - this is where bugs become one answer
                _log.exception("bug", path=scope["path"])
                await answer.replace(bug_response(request_id), scope)
            finally:
                self._tell(scope, answer.status, time.perf_counter() - begin)

    def _request_id(self, scope: Scope) -> str:
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        return given if _FIT_ID.fullmatch(given) else new_id("req", self._clock.now())

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        operation = scope["state"]["operation"]
        method = scope["method"] if scope["method"] in _KNOWN_METHODS else "other"
        self._metrics.observe(operation, method, status, seconds)
        principal = scope["state"].get("principal")
        _log.info(
            "request",
            operation=operation,
            method=method,
            path=scope["path"],
            status=status,
            seconds=round(seconds, 4),
            principal=principal.id if principal else "",
        )


class _LimitedBody:
    """The body, which ends in a refusal when it is too large or too slow."""

    def __init__(self, receive: Receive, max_bytes: int, seconds: float) -> None:
        self._receive, self._max_bytes, self._seconds = receive, max_bytes, seconds
        self._taken = 0
        self._whole = False
        self._deadline = time.monotonic() + seconds

    def refuse_if_announced_too_large(self, scope: Scope) -> None:
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            self._refuse_large()

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._deadline - time.monotonic())):
                message = await self._receive()
        except TimeoutError as error:
            raise Refusal(
                BodyTooSlowError(f"the body did not arrive within {self._seconds:g} s", seconds=self._seconds)
            ) from error
        self._taken += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._taken > self._max_bytes:
            self._refuse_large()
        return message

    def _refuse_large(self) -> None:
        raise Refusal(BodyTooLargeError(f"the body is larger than {self._max_bytes} bytes", max_bytes=self._max_bytes))


class _Answer:
    """What is sent back, with the headers that every answer has."""

    def __init__(self, send: Send, request_id: str, *, https: bool) -> None:
        self._send, self._request_id, self._https = send, request_id, https
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID_HEADER] = self._request_id
            for name, value in _SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if self._https:
                headers["strict-transport-security"] = _HTTPS_ONLY
        await self._send(message)

    async def replace(self, response: ASGIApp, scope: Scope) -> None:
        """Send `response`, unless an answer has begun already, which cannot be taken back."""
        if not self.status:
            await response(scope, _nothing_more, self.send)


async def _nothing_more() -> dict[str, Any]:
    return {"type": "http.disconnect"}
