"""Who is calling, as the edge needs to know it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PrincipalKind(StrEnum):
    """What kind of caller."""

    USER = "user"
    HOST = "host"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller who proved who they are.

    Attributes:
        id: of the user, host or enrolment token.
        kind: what it is.
        name: for people.
        scopes: what it may do: `experiments:write`.
    """

    id: str
    kind: PrincipalKind
    name: str
    scopes: frozenset[str]


class Authenticator(Protocol):
    """Tells who holds a token. Implemented by control/identity."""

    async def authenticate(self, token: str) -> Principal:
        """Return the holder.

        Raises:
            AuthenticationError: unknown, revoked or expired; the code says which.
        """
        ...
