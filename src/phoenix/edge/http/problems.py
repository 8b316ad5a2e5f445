"""Errors as problem documents (RFC 9457), and the one table that gives each its HTTP status.

The same members as the command line's documents, with `status` and `request_id` in place of `exit_status`, so that a
client can raise the error again.
"""

import orjson
from starlette.responses import Response

from phoenix.core.errors import ErrorKind, PhoenixError
from phoenix.edge.http.errors import (
    BodyTooLargeError,
    BodyTooSlowError,
    MethodNotAllowedError,
    RateLimitedError,
    RequestMalformedError,
    TokenMissingError,
)

MEDIA_TYPE = "application/problem+json"
UNAUTHENTICATED = 401
BUG = 500

STATUS_OF_KIND = {
    ErrorKind.INVALID: 422,
    ErrorKind.DENIED: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.UNAVAILABLE: 503,
    ErrorKind.INTERRUPTED: 503,
}
# HTTP has words of its own for what HTTP itself refuses.
STATUS_OF_ERROR: dict[type[PhoenixError], int] = {
    RequestMalformedError: 400,
    TokenMissingError: UNAUTHENTICATED,
    MethodNotAllowedError: 405,
    BodyTooSlowError: 408,
    BodyTooLargeError: 413,
    RateLimitedError: 429,
}
# The rest of such a body is not waited for.
_BODY_LEFT = frozenset({BodyTooLargeError, BodyTooSlowError})


def status_of(error: PhoenixError) -> int:
    """Return the HTTP status that tells this error."""
    return STATUS_OF_ERROR.get(type(error), STATUS_OF_KIND[error.kind])


def problem_response(error: PhoenixError, request_id: str, *, status: int | None = None) -> Response:
    """Return the answer that tells an error; `status` is that of the tables unless given."""
    status = status or status_of(error)
    headers = {"www-authenticate": "Bearer"} if status == UNAUTHENTICATED else {}
    if type(error) in _BODY_LEFT:
        headers["connection"] = "close"
    if isinstance(seconds := error.details.get("retry_after_seconds"), int):
        headers["retry-after"] = str(seconds)
    document = {
        "type": f"urn:phoenix:error:{error.code}",
        "title": error.kind.value.replace("_", " "),
        "status": status,
        "code": error.code,
        "message": error.message,
        "details": error.details,
        "user_action": error.user_action,
        "request_id": request_id,
    }
    return _response(document, status, headers)


def bug_response(request_id: str) -> Response:
    """Return the answer for an error nobody meant to raise: it tells nothing but where to look."""
    document = {
        "type": "urn:phoenix:error:BUG",
        "title": "bug",
        "status": BUG,
        "code": "BUG",
        "message": "a bug in Phoenix; the server's log has it under the request id",
        "details": {},
        "user_action": "Report it with the lines of the server's log that carry the request id.",
        "request_id": request_id,
    }
    return _response(document, BUG, {})


def _response(document: dict[str, object], status: int, headers: dict[str, str]) -> Response:
    # An error must be told even if its details are odd: what JSON has no word for becomes text.
    content = orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(content, status, headers, MEDIA_TYPE)
