"""The tables of this feature."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base


class MeterRow(Base):
    """The meter of an experiment."""

    __tablename__ = "meters"

    experiment_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_seconds: Mapped[float] = mapped_column(Float)
    scrape_seconds: Mapped[float] = mapped_column(Float)
    critical: Mapped[list[Any]]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class WindowRow(Base):
    """A window of a stream as one run of one meter saw it. Two rows for one window are a gap."""

    __tablename__ = "meter_windows"

    experiment_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    host_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    arm: Mapped[str] = mapped_column(String(16), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    run: Mapped[str] = mapped_column(String(64), primary_key=True)
    seconds: Mapped[float] = mapped_column(Float)
    points: Mapped[int] = mapped_column(BigInteger)
    late_points: Mapped[int] = mapped_column(BigInteger)
    gap: Mapped[str] = mapped_column(Text)
    measure: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(index=True)


class OwnReadingRow(Base):
    """A report of a collector about itself."""

    __tablename__ = "own_readings"

    host_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reading: Mapped[dict[str, Any]]
    written_at: Mapped[datetime] = mapped_column(index=True)


class MeterKeyRow(Base):
    """The secret that series hashes of this installation are keyed with; one row, made at the first start."""

    __tablename__ = "meter_keys"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
