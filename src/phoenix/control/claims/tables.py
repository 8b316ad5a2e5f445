"""The table of claims. Its key is the rule: a host has at most one claim of a kind, whoever asks at once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base


class ClaimRow(Base):
    """A host that an experiment or a deployment may change."""

    __tablename__ = "claims"

    host_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    claimed_at: Mapped[datetime]
