"""The REST API as one ASGI app, made of the operations that `server` collected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from phoenix.core.clock import Clock
from phoenix.edge.http.context import RequestContext
from phoenix.edge.http.errors import MethodNotAllowedError, RequestMalformedError, RouteNotFoundError
from phoenix.edge.http.guard import Guard, RateLimits
from phoenix.edge.http.health import Check, add_health
from phoenix.edge.http.metrics import ApiMetrics
from phoenix.edge.http.problems import problem_response
from phoenix.edge.http.refusal import Refusal
from phoenix.edge.http.routes import PREFIX, Caller, add_operation
from phoenix.edge.operation import Operation
from phoenix.edge.principal import Authenticator
from phoenix.store.database import Database

_NOT_FOUND = 404
_NOT_ALLOWED = 405


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """What the API bears.

    Attributes:
        requests_per_minute: of one principal.
        refusals_per_minute: refused tokens from one address.
        request_seconds: that one call may take.
        body_seconds: that a body may take to arrive.
    """

    requests_per_minute: int = 1200
    refusals_per_minute: int = 60
    max_body_bytes: int = 4_000_000
    request_seconds: float = 60.0
    body_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Api:
    """What the API is made of.

    Attributes:
        checks: what must be well before the server is ready, by name.
        version: that OpenAPI names.
    """

    operations: Sequence[Operation]
    database: Database
    authenticator: Authenticator
    clock: Clock
    metrics: ApiMetrics
    checks: Mapping[str, Check] = field(default_factory=dict)
    limits: ApiLimits = field(default_factory=ApiLimits)
    version: str = "1"


def rest_app(api: Api) -> ASGIApp:
    """Return the app: `/api/v1/...`, its OpenAPI document, `/livez`, `/readyz` and `/metrics`."""
    limits = api.limits
    # No page of documentation: it would load scripts from elsewhere. No redirects: they go where the Host header says.
    app = FastAPI(
        title="Phoenix",
        version=api.version,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    guard = Guard(
        api.authenticator,
        requests=RateLimits(limits.requests_per_minute),
        refusals=RateLimits(limits.refusals_per_minute, what="refused tokens"),
    )
    caller = Caller(api.database, api.clock, guard, seconds=limits.request_seconds)
    for operation in api.operations:
        add_operation(app, operation, caller)
    add_health(app, api.checks, api.metrics.registry)
    app.add_exception_handler(HTTPException, _refused_by_router)
    return RequestContext(
        app,
        clock=api.clock,
        metrics=api.metrics,
        max_body_bytes=limits.max_body_bytes,
        body_seconds=limits.body_seconds,
    )


async def _refused_by_router(request: Request, error: Exception) -> Response:
    """Return the problem for what no route took."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    if isinstance(error, Refusal):
        return problem_response(error.error, request.state.request_id, status=error.status_code)
    where = f"{request.method} {request.url.path}"
    request_id = request.state.request_id
    if error.status_code == _NOT_FOUND:
        return problem_response(RouteNotFoundError(f"{where}: there is nothing"), request_id)
    if error.status_code == _NOT_ALLOWED:
        response = problem_response(MethodNotAllowedError(f"{where}: not with this method"), request_id)
        response.headers.update(error.headers or {})
        return response
    return problem_response(RequestMalformedError(f"{where}: {error.detail}"), request_id, status=error.status_code)
