"""Tables of experiments."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base, Sequential


class ExperimentRow(Base):
    """An experiment. What was asked for never changes, so it is one document; what it is found by has columns."""

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    namespace: Mapped[str] = mapped_column(String(64), index=True)
    design: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[str] = mapped_column(String(64))
    phase: Mapped[str] = mapped_column(String(16), index=True)
    phase_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(Integer)
    revision: Mapped[str | None] = mapped_column(String(64))
    paired: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any]]
    left_out: Mapped[dict[str, Any]]
    ending: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    cause: Mapped[dict[str, Any] | None]
    waiting: Mapped[str] = mapped_column(Text)
    deadline: Mapped[datetime | None]
    stepped_at: Mapped[datetime | None]
    deploy_seconds: Mapped[float] = mapped_column(Float)
    guardrails: Mapped[list[Any]]
    progress: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    resolution: Mapped[str | None] = mapped_column(String(16))


class ParticipantRow(Base):
    """A host in an experiment."""

    __tablename__ = "experiment_hosts"

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    host_id: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(253))
    since: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)


class TransitionRow(Base):
    """A change of phase."""

    __tablename__ = "experiment_transitions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Sequential, primary_key=True)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), index=True)
    attempt: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
