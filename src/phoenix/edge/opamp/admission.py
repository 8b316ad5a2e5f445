"""Who may connect, and when: credentials, storms of connects, agents that misbehaved.

A refusal of an upgrade says when to come back, which the stock supervisor heeds (it waits the longer of that and its
own back-off). A connection that is closed after its upgrade is made again at once, so an agent that is closed for what
it does would be back within milliseconds, for ever: the next upgrade is refused with a time that grows.
"""

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter

from phoenix.core.clock import Clock
from phoenix.core.errors import ErrorKind, PhoenixError
from phoenix.edge.opamp.limits import OpampLimits
from phoenix.edge.principal import Authenticator, Principal, PrincipalKind

SCOPE: Final = "opamp:connect"
_UNAUTHORIZED_SECONDS: Final = 60
_UNAVAILABLE_SECONDS: Final = 5
_STORM_SECONDS: Final = 2
_LONGEST_PENALTY: Final = 60.0
# A host that was quiet for so long begins at the shortest penalty again.
_FORGIVEN_SECONDS: Final = 300.0
_REMEMBERED_HOSTS: Final = 10_000

_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """Ends an upgrade or a request with an HTTP status."""

    def __init__(self, status: int, reason: str, text: str, retry_seconds: float = 0) -> None:
        super().__init__(text)
        self.status = status
        self.reason = reason
        self.text = text
        # Agents that were refused at once must not come back at once.
        self.retry_after = round(retry_seconds * random.uniform(1, 2)) if retry_seconds else 0  # noqa: S311 # no secret


@dataclass(slots=True)
class Ticket:
    """One connection's place, from its upgrade to its end; over HTTP an agent's, from its first request.

    Attributes:
        since: by the monotonic clock.
    """

    principal: Principal
    admission: "Admission"
    since: float
    joining: bool = True
    open: bool = True

    def joined(self) -> None:
        """Make room for the next that joins: this one's first full report was taken."""
        if self.joining:
            self.joining = False
            self.admission.joining -= 1

    def punish(self) -> None:
        """Keep the host away for a while once this connection is closed."""
        self.admission.punish(self.principal.id)

    def leave(self) -> None:
        """Give the place back; safe to call twice."""
        self.joined()
        if self.open:
            self.open = False
            self.admission.left(self.principal.id)


@dataclass(slots=True)
class _Penalty:
    until: float
    seconds: float


class Admission:
    """Lets agents in.

    Attributes:
        joining: how many are between their upgrade and the end of their first full report.
        closing: the server stops; nobody is let in.
    """

    def __init__(self, authenticator: Authenticator, clock: Clock, limits: OpampLimits, refused: Counter) -> None:
        self._authenticator = authenticator
        self._clock = clock
        self._limits = limits
        self._refused = refused
        self._connections: dict[str, int] = {}
        self._penalties: dict[str, _Penalty] = {}
        self.joining = 0
        self.closing = False

    async def authenticate(self, headers: Iterable[tuple[bytes, bytes]]) -> Principal:
        """Return the host that the request's bearer token belongs to.

        Raises:
            RefusedError: there is no token, it is nobody's or not a host's, or nobody can tell now.
        """
        try:
            return await self._holder(bearer(headers))
        except RefusedError as refusal:
            self._refused.labels(refusal.reason).inc()
            raise

    async def _holder(self, token: str) -> Principal:
        if self.closing:
            raise RefusedError(503, "stopping", "the server is stopping", _UNAVAILABLE_SECONDS)
        if not token:
            raise RefusedError(401, "unauthorized", "a bearer token is needed", _UNAUTHORIZED_SECONDS)
        try:
            principal = await self._authenticator.authenticate(token)
        except PhoenixError as error:
            if error.kind is ErrorKind.UNAVAILABLE:
                raise RefusedError(503, "unavailable", error.message, _UNAVAILABLE_SECONDS) from error
            raise RefusedError(401, "unauthorized", error.message, _UNAUTHORIZED_SECONDS) from error
        except Exception as error:  # whatever it is, the agent must come back later
            _log.exception("a credential could not be checked")
            raise RefusedError(503, "unavailable", "credentials cannot be checked", _UNAVAILABLE_SECONDS) from error
        if principal.kind is not PrincipalKind.HOST or SCOPE not in principal.scopes:
            text = f"a token of the kind {principal.kind} that may not {SCOPE} is no host's credential"
            raise RefusedError(403, "forbidden", text, _UNAUTHORIZED_SECONDS)
        return principal

    def room(self) -> None:
        """Return when one more may join: asked before its credential costs a look in the database.

        Raises:
            RefusedError: too many agents join just now.
        """
        try:
            self._check_storm()
        except RefusedError as refusal:
            self._refused.labels(refusal.reason).inc()
            raise

    def enter(self, principal: Principal) -> Ticket:
        """Return a place for one more connection.

        Raises:
            RefusedError: the host misbehaved a moment ago or has too many, or too many agents join just now.
        """
        try:
            self._check(principal.id)
        except RefusedError as refusal:
            self._refused.labels(refusal.reason).inc()
            raise
        self._connections[principal.id] = self._connections.get(principal.id, 0) + 1
        self.joining += 1
        return Ticket(principal, self, self._clock.monotonic())

    def _check(self, host: str) -> None:
        penalty = self._penalties.get(host)
        if penalty and (rest := penalty.until - self._clock.monotonic()) > 0:
            raise RefusedError(429, "penalty", "closed a moment ago for what it sent", rest)
        if self._connections.get(host, 0) >= self._limits.connections_per_host:
            text = f"{self._limits.connections_per_host} connections with this credential are open already"
            raise RefusedError(429, "too_many", text, _UNAUTHORIZED_SECONDS)
        self._check_storm()

    def _check_storm(self) -> None:
        if self.joining >= self._limits.joining:
            # The more wait, the longer: each that was refused comes back once.
            raise RefusedError(503, "storm", "many agents connect at this moment", _STORM_SECONDS)

    def left(self, host: str) -> None:
        """Take note that a connection has ended."""
        rest = self._connections.get(host, 0) - 1
        if rest > 0:
            self._connections[host] = rest
        else:
            self._connections.pop(host, None)

    def punish(self, host: str) -> None:
        """Keep a host away for a while: a second at first, twice as long each time."""
        now = self._clock.monotonic()
        before = self._penalties.pop(host, None)
        repeated = before is not None and now - before.until < _FORGIVEN_SECONDS
        seconds = min(before.seconds * 2, _LONGEST_PENALTY) if before and repeated else 1.0
        self._penalties[host] = _Penalty(now + seconds, seconds)
        while len(self._penalties) > _REMEMBERED_HOSTS:
            del self._penalties[next(iter(self._penalties))]


def bearer(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the bearer token of a request, or an empty text."""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else ""
    return ""
