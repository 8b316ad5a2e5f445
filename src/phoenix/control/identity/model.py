"""Tokens: what is known of one, and how the text that its holder shows is made and known again."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from phoenix.control.identity import scopes
from phoenix.control.identity.scopes import Role
from phoenix.edge.principal import Principal, PrincipalKind

_BYTES: Final = 32
_FORM: Final = re.compile(r"phx_(adm|usr|host|enr)_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; the token itself is not.

    Attributes:
        id: names it, and tells nothing about it.
        kind: whose it is.
        name: for people.
        subject: the host whose credential it is; empty for others.
        role: of a person's token; None for others.
        uses_left: how many hosts an enrolment token may still enrol; None for others.
        created_by: the principal's id, or `phoenix`.
        expires_at: None when it never does.
        revoked_at: None while it is valid.
    """

    id: str
    kind: PrincipalKind
    name: str
    subject: str
    role: Role | None
    uses_left: int | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None

    def principal(self) -> Principal:
        """Return the caller that holds it: a host is known by its own id, others by the token's."""
        return Principal(self.subject or self.id, self.kind, self.name, self._scopes())

    def _scopes(self) -> frozenset[str]:
        if self.role is not None:
            return scopes.ROLES[self.role]
        return scopes.HOST if self.kind is PrincipalKind.HOST else scopes.ENROLMENT


@dataclass(frozen=True, slots=True)
class Issued:
    """A token just made, with the text that is shown once and kept nowhere."""

    token: Token
    text: str


def new_text(kind: PrincipalKind, role: Role | None) -> str:
    """Return a new token of 256 random bits; its prefix tells people, and scanners for leaked secrets, what it is."""
    if kind is PrincipalKind.USER:
        prefix = "adm" if role is Role.ADMIN else "usr"
    else:
        prefix = "host" if kind is PrincipalKind.HOST else "enr"
    return f"phx_{prefix}_{secrets.token_urlsafe(_BYTES)}"


def digest(text: str) -> bytes | None:
    """Return what a token is found by, or None for a text that cannot be one.

    A plain SHA-256: the tokens are random, so there is nothing that a slow hash would keep anyone from guessing.
    """
    return hashlib.sha256(text.encode()).digest() if _FORM.fullmatch(text) else None
