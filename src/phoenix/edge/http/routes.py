"""Operations as routes of FastAPI: where it finds the parts of a request, what OpenAPI says of it, what a call is."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Annotated, Any, Final

import structlog
from fastapi import Body, FastAPI, Path, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from phoenix.core.clock import Clock
from phoenix.core.errors import PhoenixError
from phoenix.edge.http.errors import RequestInvalidError, RequestMalformedError, RequestTimeoutError
from phoenix.edge.http.guard import Guard
from phoenix.edge.http.problems import bug_response, problem_response, status_of
from phoenix.edge.http.refusal import Refusal
from phoenix.edge.http.requests import RequestParts, parts_of
from phoenix.edge.operation import Call, Operation, Schema
from phoenix.store.database import Database

PREFIX: Final = "/api/v1"
_READS: Final = "GET"
_HAS_BODY: Final = frozenset({"POST", "PATCH"})
_BEARER: Final = HTTPBearer(auto_error=False, description="An API token.")

_log = structlog.get_logger(__name__)

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Caller:
    """Calls operations: one transaction each, or one session that only reads."""

    def __init__(self, database: Database, clock: Clock, guard: Guard, *, seconds: float) -> None:
        self.guard = guard
        self._database, self._clock, self._seconds = database, clock, seconds

    async def call(self, operation: Operation, request: Request, asked: Schema) -> Response:
        """Return the answer, once what the operation wrote is committed.

        Raises:
            RequestTimeoutError: it took too long and was given up.
            PhoenixError: whatever the operation raises.
        """
        sessions = self._database.read if operation.method == _READS else self._database.transaction
        try:
            async with asyncio.timeout(self._seconds) as limit, sessions() as session:
                state = request.state
                answer = await operation.call(
                    Call(session, state.principal, self._clock.now(), state.request_id), asked
                )
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise RequestTimeoutError(
                f"{operation.name}: no answer within {self._seconds:g} s", operation=operation.name
            ) from error
        return Response(answer.model_dump_json(by_alias=True), operation.status, media_type="application/json")


def add_operation(app: FastAPI, operation: Operation, caller: Caller) -> None:
    """Add the route of one operation."""
    parts = parts_of(operation)
    app.router.add_api_route(
        PREFIX + operation.path,
        _endpoint(operation, parts, caller),
        methods=[operation.method],
        status_code=operation.status,
        response_model=operation.response,
        summary=operation.summary,
        description=None if operation.public else f"Needs the scope `{operation.scope}`.",
        operation_id=operation.name,
        tags=[operation.name.partition(".")[0]],
        responses=_problems(operation),
        dependencies=[] if operation.public else [Security(_BEARER)],
        route_class_override=_route_class(operation, caller.guard),
    )


def _endpoint(operation: Operation, parts: RequestParts, caller: Caller) -> Callable[..., Awaitable[Response]]:
    """Return a function whose signature tells FastAPI where the request's fields are."""

    async def endpoint(request: Request, **given: Any) -> Response:
        rest = given.pop("rest", None)
        try:
            asked = parts.together(given, rest)
        except ValidationError as error:
            raise _invalid(error.errors()) from error
        if field := _with_nul(asked.model_dump()):
            # PostgreSQL has no place for it, and nothing a person writes has it.
            raise _invalid([{"loc": field, "msg": "holds a character NUL", "type": "nul"}])
        return await caller.call(operation, request, asked)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("request", keyword, annotation=Request)]
    parameters += [
        inspect.Parameter(name, keyword, annotation=Annotated[kind, Path()]) for name, kind in parts.path.items()
    ]
    if parts.rest is not None:
        parameters.append(_rest_parameter(operation, parts.rest, optional=parts.rest_optional))
    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # what inspect.signature reads
    endpoint.__name__ = operation.name.replace(".", "_")
    return endpoint


def _with_nul(value: Any, path: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return where in a request a text holds a NUL; nothing when none does."""
    match value:
        case str():
            return (path or ("",)) if "\0" in value else ()
        case dict():
            parts = [(str(key), part) for key, part in value.items()]
            named = next(((*path, key) for key, _ in parts if "\0" in key), ())
            return named or next(filter(None, (_with_nul(part, (*path, key)) for key, part in parts)), ())
        case list() | tuple():
            return next(filter(None, (_with_nul(part, (*path, str(at))) for at, part in enumerate(value))), ())
        case _:
            return ()


def _rest_parameter(operation: Operation, rest: type[BaseModel], *, optional: bool) -> inspect.Parameter:
    place = Body() if operation.method in _HAS_BODY else Query()
    default = rest() if optional and operation.method in _HAS_BODY else inspect.Parameter.empty
    return inspect.Parameter("rest", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[rest, place], default=default)


def _route_class(operation: Operation, guard: Guard) -> type[APIRoute]:
    """Return a route that asks who is there before it reads a byte of the body, and turns errors into problems."""

    class Route(APIRoute):
        def get_route_handler(self) -> _Handler:
            answer = super().get_route_handler()

            async def handle(request: Request) -> Response:
                request.state.operation = operation.name
                request_id = request.state.request_id
                try:
                    request.state.principal = await guard.admit(operation, request)
                    return await answer(request)
                except Refusal as refusal:
                    return problem_response(refusal.error, request_id, status=refusal.status_code)
                except PhoenixError as error:
                    return problem_response(error, request_id)
                except RequestValidationError as error:
                    return problem_response(_invalid(error.errors()), request_id)
                except HTTPException as error:
                    return problem_response(RequestMalformedError(str(error.detail)), request_id)
                except Exception:  # noqa: BLE001 - this is where bugs become one answer
                    _log.exception("bug", operation=operation.name)
                    return bug_response(request_id)

            return handle

    return Route


def _invalid(problems: Sequence[Any]) -> PhoenixError:
    """Return the error for what pydantic found, each finding with the place of the field."""
    fields = [
        {
            "field": ".".join(str(step) for step in problem["loc"] if step not in {"body", "query", "path", "rest"}),
            "problem": _in_words(problem),
        }
        for problem in problems
    ]
    if any(problem["type"] == "json_invalid" for problem in problems):
        return RequestMalformedError("the body is not JSON", problems=fields)
    told = "; ".join(f"{it['field'] or 'the body'}: {it['problem']}" for it in fields)
    return RequestInvalidError(f"the request does not fit: {told}", fields=fields)


def _in_words(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return "there is no such field"
    said = str(problem["msg"]).removeprefix("Value error, ")
    return said[:1].lower() + said[1:]


def _problems(operation: Operation) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the errors that this operation names: their codes, by status."""
    codes: dict[int, list[str]] = {}
    for error in operation.errors:
        codes.setdefault(_status_of_class(error), []).append(f"`{error.code}`")
    return {status: {"description": ", ".join(names)} for status, names in sorted(codes.items())}


def _status_of_class(error: type[PhoenixError]) -> int:
    return status_of(error(""))
