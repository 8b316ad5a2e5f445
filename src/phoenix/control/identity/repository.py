"""SQL of tokens."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Update, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.identity.model import Token
from phoenix.control.identity.scopes import Role
from phoenix.control.identity.tables import TokenRow
from phoenix.edge.principal import PrincipalKind
from phoenix.store.upsert import insert


async def add(session: AsyncSession, token: Token, digest: bytes) -> bool:
    """Write a token; return whether there was none with its id, its digest, or as its host's live credential."""
    written = (
        insert(session, TokenRow)
        .values(
            id=token.id,
            kind=token.kind.value,
            digest=digest,
            name=token.name,
            subject=token.subject,
            role=token.role.value if token.role else "",
            uses_left=token.uses_left,
            created_at=token.created_at,
            created_by=token.created_by,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
        )
        .on_conflict_do_nothing()
        .returning(TokenRow.id)
    )
    return await session.scalar(written) is not None


async def by_digests(session: AsyncSession, digests: Collection[bytes]) -> dict[bytes, Token]:
    """Return the tokens that have these digests, by digest."""
    rows = await session.scalars(select(TokenRow).where(TokenRow.digest.in_(digests)))
    return {row.digest: _token(row) for row in rows}


async def by_id(session: AsyncSession, token_id: str) -> Token | None:
    """Return the token that has this id."""
    row = await session.get(TokenRow, token_id)
    return None if row is None else _token(row)


async def of_kinds(session: AsyncSession, *kinds: PrincipalKind) -> tuple[Token, ...]:
    """Return the tokens of these kinds, oldest first."""
    wanted = select(TokenRow).where(TokenRow.kind.in_([kind.value for kind in kinds])).order_by(TokenRow.created_at)
    return tuple(_token(row) for row in await session.scalars(wanted.order_by(TokenRow.id)))


async def revoke(session: AsyncSession, token_id: str, now: datetime) -> bool:
    """Revoke a token; return whether it was valid before."""
    return await session.scalar(_revoked(now).where(TokenRow.id == token_id).returning(TokenRow.id)) is not None


async def revoke_host(session: AsyncSession, host_id: str, now: datetime) -> bool:
    """Revoke a host's live credential; return whether there was one."""
    is_the_host = (TokenRow.kind == PrincipalKind.HOST.value) & (TokenRow.subject == host_id)
    return await session.scalar(_revoked(now).where(is_the_host).returning(TokenRow.id)) is not None


async def spend(session: AsyncSession, token_id: str) -> bool:
    """Use an enrolment token once; return whether a use was left."""
    spent = (
        update(TokenRow)
        .where(TokenRow.id == token_id, TokenRow.uses_left > 0)
        .values(uses_left=TokenRow.uses_left - 1)
        .returning(TokenRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(spent) is not None


def _revoked(now: datetime) -> Update:
    return (
        update(TokenRow)
        .where(TokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        kind=PrincipalKind(row.kind),
        name=row.name,
        subject=row.subject,
        role=Role(row.role) if row.role else None,
        uses_left=row.uses_left,
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
