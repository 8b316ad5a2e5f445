"""An operation is declared once; REST, the reference page, the role matrix and the command line's coverage read it.

A feature lists its operations in `operations.py`; `server` collects them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.core.errors import PhoenixError
from phoenix.edge.principal import Principal


class Schema(BaseModel):
    """What goes over the wire: closed to names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Call:
    """What surrounds one call of an operation.

    Attributes:
        session: of the one transaction that is this call; the edge commits it. Read-only operations get one that
            throws changes away.
        principal: the caller.
        now: the time of the call.
        request_id: what the caller may quote to find it in the logs.
    """

    session: AsyncSession
    principal: Principal
    now: datetime
    request_id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that the API does.

    Attributes:
        name: `experiments.create`; the noun is the feature.
        summary: a sentence for OpenAPI and help.
        method, path: of REST, below `/api/v1`; names in braces are fields of the request.
        scope: what the caller must hold.
        request: fields of path, query (GET) or body.
        response: what comes back.
        call: does it. Gets the context and a validated request.
        errors: what it may answer besides the errors of every operation.
        status: of success.
        public: needs no token.
    """

    name: str
    summary: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    scope: str
    request: type[Schema]
    response: type[Schema]
    call: Callable[[Call, Any], Awaitable[Schema]]
    errors: tuple[type[PhoenixError], ...] = ()
    status: int = 200
    public: bool = False
