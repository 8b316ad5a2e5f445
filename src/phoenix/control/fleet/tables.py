"""The fleet's tables: hosts, configs, which config failed where, and what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base

_ID = String(40)


class HostRow(Base):
    """A host: what it should run, what it was offered, what was proved, and who holds its connection."""

    __tablename__ = "fleet_hosts"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(253), unique=True)
    labels: Mapped[dict[str, Any]]
    enrolled_at: Mapped[datetime]
    uid: Mapped[str | None] = mapped_column(String(36))
    condition: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    desired: Mapped[str | None] = mapped_column(_ID)
    desired_at: Mapped[datetime | None]
    desired_reason: Mapped[str] = mapped_column(Text, default="")
    offered: Mapped[str | None] = mapped_column(_ID)
    offered_at: Mapped[datetime | None]
    phase: Mapped[str] = mapped_column(String(16), default="none")
    proved: Mapped[str | None] = mapped_column(_ID)
    proved_at: Mapped[datetime | None]
    verified: Mapped[str | None] = mapped_column(_ID)
    verified_at: Mapped[datetime | None]
    fallback: Mapped[str | None] = mapped_column(_ID)
    substitute: Mapped[str | None] = mapped_column(_ID)
    failure_revision: Mapped[str | None] = mapped_column(_ID)
    failure_code: Mapped[str] = mapped_column(String(40), default="")
    failure_text: Mapped[str] = mapped_column(Text, default="")
    failure_at: Mapped[datetime | None]
    effective: Mapped[str | None] = mapped_column(_ID)
    healthy: Mapped[bool | None] = mapped_column(Boolean)
    health_text: Mapped[str] = mapped_column(Text, default="")
    collector_version: Mapped[str] = mapped_column(String(64), default="")
    components: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_seen: Mapped[datetime | None]
    replica: Mapped[str | None] = mapped_column(String(64))
    epoch: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (Index("ix_fleet_hosts_replica_desired_at", "replica", "desired_at"),)


class RevisionRow(Base):
    """A config, immutable."""

    __tablename__ = "fleet_revisions"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(16))
    experiment: Mapped[str | None] = mapped_column(_ID)
    document: Mapped[str] = mapped_column(Text)
    # SHA-256 of the document: hosts that are enrolled with the same file share one revision.
    document_digest: Mapped[str] = mapped_column(String(64), index=True)
    exporters: Mapped[list[Any]]
    receivers: Mapped[list[Any]]
    processors: Mapped[dict[str, Any]]
    notes: Mapped[list[Any]]
    made_at: Mapped[datetime]
    retry_of: Mapped[str | None] = mapped_column(_ID)


class RefusalRow(Base):
    """A config that failed on a host, by its digest: it is never offered there again."""

    __tablename__ = "fleet_refusals"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    host: Mapped[str] = mapped_column(ForeignKey("fleet_hosts.id", ondelete="CASCADE"), primary_key=True, index=True)
    revision: Mapped[str] = mapped_column(_ID)
    code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class HostEventRow(Base):
    """Something that happened to a host. Written behind and in order, so it names the host without a foreign key."""

    __tablename__ = "fleet_events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    host: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    revision: Mapped[str | None] = mapped_column(_ID)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_fleet_events_host_id", "host", "id"),)
