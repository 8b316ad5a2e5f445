"""Identity: who holds a token, and the tokens of people, hosts and enrolment. Made once by `server`."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from phoenix.control.audit import service as audit
from phoenix.control.identity import repository
from phoenix.control.identity.cache import TokenCache
from phoenix.control.identity.errors import (
    AuthenticationError,
    CredentialConflictError,
    EnrolmentUsedUpError,
    LifetimeError,
    TokenExpiredError,
    TokenNotFoundError,
    TokenRevokedError,
)
from phoenix.control.identity.lookups import TokenLookups
from phoenix.control.identity.model import Issued, Token, digest, new_text
from phoenix.control.identity.scopes import Role
from phoenix.core.clock import Clock
from phoenix.core.ids import HostId, new_id
from phoenix.edge.principal import Principal, PrincipalKind
from phoenix.store.database import Database

# Of the column; a host may call itself by a longer name.
NAME_LENGTH: Final = 200
# One id for the token of the first start: of two that start at once only one can write it.
FIRST_TOKEN: Final = "tok-first-start"  # noqa: S105 - an id, not a token


class Identity:
    """Tokens, in the caller's transaction; `authenticate` alone has sessions of its own."""

    def __init__(self, database: Database, clock: Clock, *, cache: TokenCache | None = None) -> None:
        self._lookups = TokenLookups(database)
        self._clock = clock
        self._cache = cache or TokenCache()

    async def authenticate(self, token: str) -> Principal:
        """Return who holds a token.

        Raises:
            AuthenticationError: nobody ever did.
            TokenRevokedError, TokenExpiredError: somebody did.
        """
        wanted = digest(token)
        if wanted is None:
            raise AuthenticationError("the token is not one of Phoenix's")
        found = self._cache.get(wanted, self._clock.monotonic()) or await self._look_up(wanted)
        if found.revoked_at is not None:
            raise TokenRevokedError(f"token {found.id} ({found.name}) was revoked", id=found.id)
        if found.expires_at is not None and found.expires_at <= self._clock.now():
            at = found.expires_at.isoformat()
            raise TokenExpiredError(f"token {found.id} ({found.name}) expired at {at}", id=found.id, expired_at=at)
        return found.principal()

    async def _look_up(self, wanted: bytes) -> Token:
        generation = self._cache.generation
        found = await self._lookups.find(wanted)
        if found is None:
            raise AuthenticationError("the token is not known")
        self._cache.put(wanted, found, self._clock.monotonic(), generation)
        return found

    async def first_start(self, session: AsyncSession, now: datetime) -> str | None:
        """Return an admin's token if this is the database's first start, else None. It is shown this once."""
        if await repository.of_kinds(session, PrincipalKind.USER):
            return None
        token, text = _new(PrincipalKind.USER, "first start", audit.PHOENIX, now, role=Role.ADMIN, token_id=FIRST_TOKEN)
        return text if await self._add(session, token, text) else None

    async def create_token(
        self,
        session: AsyncSession,
        *,
        name: str,
        role: Role,
        actor: str,
        now: datetime,
        lifetime: timedelta | None = None,
    ) -> Issued:
        """Make a person's or program's token; without a lifetime it never expires.

        Raises:
            LifetimeError: it is not above zero.
        """
        token, text = _new(PrincipalKind.USER, name, actor, now, role=role, expires_at=_end(now, lifetime))
        await self._add(session, token, text)
        return Issued(token, text)

    async def create_enrolment_token(
        self,
        session: AsyncSession,
        *,
        name: str,
        uses: int,
        lifetime: timedelta | None,
        actor: str,
        now: datetime,
    ) -> Issued:
        """Make a token that enrols so many hosts.

        Raises:
            LifetimeError: lifetime or uses are not above zero.
        """
        if uses < 1:
            raise LifetimeError(f"an enrolment token for {uses} hosts")
        kind, expires_at = PrincipalKind.ENROLMENT, _end(now, lifetime)
        token, text = _new(kind, name, actor, now, uses_left=uses, expires_at=expires_at)
        await self._add(session, token, text)
        return Issued(token, text)

    async def spend_enrolment(self, session: AsyncSession, principal: Principal) -> None:
        """Use a caller's enrolment token for one host; a caller of another kind needs none. Called when a host enrols.

        Raises:
            EnrolmentUsedUpError: no use is left.
        """
        if principal.kind is PrincipalKind.ENROLMENT and not await repository.spend(session, principal.id):
            raise EnrolmentUsedUpError(f"token {principal.id} ({principal.name}) has no use left", id=principal.id)

    async def issue_host_credential(
        self, session: AsyncSession, host_id: HostId, name: str, now: datetime, *, actor: str = audit.PHOENIX
    ) -> str:
        """Return a new credential of a host; the one before is revoked, so this also rotates it.

        Raises:
            CredentialConflictError: another one was issued to the host at the same moment.
        """
        await self.revoke_host_credential(session, host_id, now, actor=actor)
        token, text = _new(PrincipalKind.HOST, name, actor, now, subject=host_id)
        if not await self._add(session, token, text):
            raise CredentialConflictError(f"host {host_id} was given another credential just now", host_id=host_id)
        return text

    async def revoke_host_credential(
        self,
        session: AsyncSession,
        host_id: HostId,
        now: datetime,
        *,
        actor: str = audit.PHOENIX,
        reason: str = "",
    ) -> bool:
        """Revoke a host's credential; return whether it had one."""
        revoked = await repository.revoke_host(session, host_id, now)
        if revoked:
            self._forget_after(session)
            await audit.record(session, "host.credential_revoked", actor=actor, subject=host_id, reason=reason, now=now)
        return revoked

    async def tokens(self, session: AsyncSession) -> tuple[Token, ...]:
        """Return the tokens of people and of enrolment, oldest first, revoked and expired ones too."""
        return await repository.of_kinds(session, PrincipalKind.USER, PrincipalKind.ENROLMENT)

    async def revoke_token(
        self, session: AsyncSession, token_id: str, *, actor: str, now: datetime, reason: str = ""
    ) -> Token:
        """Revoke a token, at once in this process, and return it; one that is revoked already stays so.

        Raises:
            TokenNotFoundError: there is none with this id.
        """
        revoked = await repository.revoke(session, token_id, now)
        token = await repository.by_id(session, token_id)
        if token is None:
            raise TokenNotFoundError(f"there is no token {token_id!r}")
        if revoked:
            self._forget_after(session)
            await audit.record(session, "token.revoked", actor=actor, subject=token_id, reason=reason, now=now)
        return token

    async def _add(self, session: AsyncSession, token: Token, text: str) -> bool:
        if not await repository.add(session, token, digest(text) or b""):
            return False
        after = {"kind": token.kind.value, "name": token.name, "role": token.role, "uses": token.uses_left}
        subject = token.subject or token.id
        await audit.record(
            session,
            f"{token.kind}_token.created",
            actor=token.created_by,
            subject=subject,
            after=after,
            now=token.created_at,
        )
        return True

    def _forget_after(self, session: AsyncSession) -> None:
        # Not before the commit: a look-up meanwhile would find the token still valid and keep it.
        def forget(_session: Session) -> None:
            self._cache.clear()

        event.listen(session.sync_session, "after_commit", forget, once=True)


def _new(
    kind: PrincipalKind,
    name: str,
    actor: str,
    now: datetime,
    *,
    token_id: str = "",
    subject: str = "",
    role: Role | None = None,
    uses_left: int | None = None,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    token = Token(
        id=token_id or new_id("tok", now),
        kind=kind,
        name=name[:NAME_LENGTH],
        subject=subject,
        role=role,
        uses_left=uses_left,
        created_at=now,
        created_by=actor,
        expires_at=expires_at,
        revoked_at=None,
    )
    return token, new_text(kind, role)


def _end(now: datetime, lifetime: timedelta | None) -> datetime | None:
    if lifetime is None:
        return None
    if lifetime <= timedelta(0):
        raise LifetimeError(f"a token that lives for {lifetime}")
    return now + lifetime
