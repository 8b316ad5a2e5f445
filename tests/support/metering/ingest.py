"""What stands on both sides of the OTLP ingest in tests: a sink that keeps bodies, and tokens of hosts."""

from phoenix.core.errors import DeniedError, PhoenixError
from phoenix.core.ids import ExperimentId, HostId, RevisionId
from phoenix.edge.otlp.sink import StreamOrigin, Taken
from phoenix.edge.principal import Principal, PrincipalKind

HOST, EXPERIMENT, REVISION = HostId("host-1"), ExperimentId("exp-1"), RevisionId("rev-1")


class WrongTokenError(DeniedError):
    """As identity's own."""

    code = "TEST_TOKEN_WRONG"
    user_action = "Use another."


class Tokens:
    """Tokens are `host-...` for hosts and `user-...` for people."""

    async def authenticate(self, token: str) -> Principal:
        for kind in (PrincipalKind.HOST, PrincipalKind.USER):
            if token.startswith(f"{kind.value}-"):
                return Principal(token, kind, token, frozenset())
        raise WrongTokenError("the token is not known")


class KeepingSink:
    """Keeps what it takes, or answers as told."""

    def __init__(self) -> None:
        self.bodies: list[tuple[StreamOrigin, bytes]] = []
        self.answer: Taken | PhoenixError | Exception = Taken()

    async def take(self, origin: StreamOrigin, body: bytes) -> Taken:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.bodies.append((origin, body))
        return self.answer


def origin(arm: str = "baseline", host: HostId = HOST, revision: RevisionId = REVISION) -> StreamOrigin:
    """Return the origin of a stream of the test's experiment."""
    return StreamOrigin(host, EXPERIMENT, arm, revision)
