"""Who is calling, whether they may, and whether they call too often."""

import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from phoenix.core.errors import DeniedError
from phoenix.edge.http.errors import RateLimitedError, ScopeMissingError, TokenMissingError
from phoenix.edge.http.problems import UNAUTHENTICATED
from phoenix.edge.http.refusal import Refusal
from phoenix.edge.operation import Operation
from phoenix.edge.principal import Authenticator, Principal, PrincipalKind

_SCHEME: Final = "bearer"
# Of a public operation: nobody proved to be anyone.
ANONYMOUS: Final = Principal("", PrincipalKind.USER, "anonymous", frozenset())


class RateLimits:
    """How often each caller may ask, counted in this process by fixed minutes."""

    def __init__(self, per_minute: int, *, what: str = "requests") -> None:
        self._what = what
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def count(self, caller: str) -> None:
        """Count one request.

        Raises:
            RateLimitedError: the caller's minute is used up.
        """
        if await self._limiter.hit(self._limit, caller):
            return
        reset = (await self._limiter.get_window_stats(self._limit, caller)).reset_time
        raise RateLimitedError(
            f"more than {self._limit.amount} {self._what} in a minute",
            retry_after_seconds=max(1, round(reset - time.time())),
        )


class Guard:
    """Admits callers to operations."""

    def __init__(self, authenticator: Authenticator, *, requests: RateLimits, refusals: RateLimits) -> None:
        """Take what tells who holds a token.

        Args:
            authenticator: asked for every request.
            requests: of each principal.
            refusals: of each client address. Beyond them it is no longer told why a token is refused. One that is
                good is always taken: behind a proxy all callers have one address, and a stranger must not be able to
                shut them out. Nobody guesses 256 random bits anyway.
        """
        self._authenticator, self._requests, self._refusals = authenticator, requests, refusals

    async def admit(self, operation: Operation, request: Request) -> Principal:
        """Return the caller.

        Raises:
            Refusal: no token, or one that is refused.
            RateLimitedError: this caller, or this address with refused tokens, asks too often.
            ScopeMissingError: the caller may not do this.
        """
        address = request.client.host if request.client else ""
        if operation.public:
            await self._requests.count(f"address:{address}")
            return ANONYMOUS
        try:
            principal = await self._authenticator.authenticate(_token(request))
        except DeniedError as error:
            await self._refusals.count(address)
            # Whatever the authenticator's error is called, HTTP's word for it is 401.
            raise Refusal(error, status=UNAUTHENTICATED) from error
        await self._requests.count(principal.id)
        if operation.scope and operation.scope not in principal.scopes:
            raise ScopeMissingError(
                f"{operation.name} needs the scope {operation.scope}, which {principal.name} does not hold",
                scope=operation.scope,
            )
        return principal


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise TokenMissingError("the request carries no bearer token")
    return token.strip()
