"""Tokens and callers as they go over the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from phoenix.control.identity.model import Token
from phoenix.control.identity.scopes import Role
from phoenix.edge.operation import Schema
from phoenix.edge.principal import Principal, PrincipalKind

Name = Annotated[str, Field(min_length=1, max_length=200, description="For people.")]
_Lifetime = Annotated[
    int | None, Field(gt=0, le=10 * 365 * 86400, description="Seconds until it expires; without one it never does.")
]


class TokenCreate(Schema):
    """A token to make."""

    name: Name
    role: Role = Role.VIEWER
    lifetime_seconds: _Lifetime = None


class EnrolmentTokenCreate(Schema):
    """An enrolment token to make."""

    name: Name
    uses: Annotated[int, Field(ge=1, le=1_000_000, description="How many hosts it may enrol.")] = 1
    lifetime_seconds: _Lifetime = 86400


class TokenSchema(Schema):
    """What is known of a token; never the token itself."""

    id: str
    kind: PrincipalKind
    name: str
    role: Role | None
    uses_left: int | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, token: Token) -> Self:
        """Return a token's."""
        return cls(
            id=token.id,
            kind=token.kind,
            name=token.name,
            role=token.role,
            uses_left=token.uses_left,
            created_at=token.created_at,
            created_by=token.created_by,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
        )


class TokenCreated(TokenSchema):
    """A token just made."""

    token: Annotated[str, Field(description="Shown this once and kept nowhere.")]


class TokenList(Schema):
    """Every token of people and of enrolment, oldest first."""

    items: tuple[TokenSchema, ...]


class TokenListRequest(Schema):
    """Nothing to say."""


class TokenRevoke(Schema):
    """A token to revoke."""

    token_id: str
    reason: Annotated[str, Field(max_length=1000, description="Why, for the audit log.")] = ""


class WhoAmIRequest(Schema):
    """Nothing to say."""


class WhoAmI(Schema):
    """The caller."""

    id: str
    kind: PrincipalKind
    name: str
    scopes: tuple[str, ...]

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Return a caller's."""
        return cls(id=principal.id, kind=principal.kind, name=principal.name, scopes=tuple(sorted(principal.scopes)))
