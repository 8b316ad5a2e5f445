"""The table of tokens: people's, hosts' and enrolment tokens alike, found by the digest of what the caller showed."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base


class TokenRow(Base):
    """One token. The token itself is not here: only its SHA-256, which is enough to know it again.

    Attributes:
        kind: of `identity.model.TokenKind`.
        subject: the host whose credential it is; empty for others.
        role: of a person's token, of `identity.scopes.Role`; empty for others.
        uses_left: of an enrolment token.
    """

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    role: Mapped[str] = mapped_column(String(16))
    uses_left: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


# A host has one live credential; that two issued at once cannot both stay is the database's to keep.
Index(
    "uq_tokens_live_host",
    TokenRow.subject,
    unique=True,
    sqlite_where=(TokenRow.kind == "host") & TokenRow.revoked_at.is_(None),
    postgresql_where=(TokenRow.kind == "host") & TokenRow.revoked_at.is_(None),
)
