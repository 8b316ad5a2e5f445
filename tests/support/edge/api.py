"""A REST API of small operations of a test's own, and a client of it, with no socket between."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import httpx
from prometheus_client import CollectorRegistry

from phoenix.core.errors import DeniedError
from phoenix.edge.http.app import Api, ApiLimits, rest_app
from phoenix.edge.http.health import Check
from phoenix.edge.http.metrics import ApiMetrics
from phoenix.edge.operation import Operation
from phoenix.edge.principal import Principal, PrincipalKind
from phoenix.store.database import Database

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOKEN = "phx-test"  # noqa: S105 - a test's
READER = "phx-reader"
UNKNOWN = "phx-unknown"


class TokenExpiredError(DeniedError):
    """A test's."""

    code = "AUTHENTICATION_EXPIRED"
    user_action = "Sign in again."


class KnownTokens:
    """An authenticator that knows tokens by heart."""

    def __init__(self, holders: Mapping[str, Principal]) -> None:
        self.holders = dict(holders)

    async def authenticate(self, token: str) -> Principal:
        if token not in self.holders:
            raise TokenExpiredError("the token has expired")
        return self.holders[token]


class StillClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


TOKENS = KnownTokens(
    {
        TOKEN: Principal("usr-1", PrincipalKind.USER, "ada", frozenset({"things:read", "things:write"})),
        READER: Principal("usr-2", PrincipalKind.USER, "bob", frozenset({"things:read"})),
    }
)


def api_of(
    operations: Sequence[Operation],
    *,
    database: Database,
    checks: Mapping[str, Check] | None = None,
    limits: ApiLimits | None = None,
) -> Api:
    """Return an API whose clock stands still."""
    return Api(
        operations,
        database,
        TOKENS,
        StillClock(),
        ApiMetrics(CollectorRegistry()),
        checks or {},
        limits or ApiLimits(),
    )


def client_of(api: Api, token: str | None = TOKEN) -> httpx.AsyncClient:
    """Return a client that holds `token`."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(rest_app(api)), base_url="http://phoenix", headers=headers)
