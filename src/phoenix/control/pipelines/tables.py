"""Tables of pipelines and their versions. A version is never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from phoenix.store.base import Base


class PipelineRow(Base):
    """A name."""

    __tablename__ = "pipelines"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))


class PipelineVersionRow(Base):
    """A text under that name.

    Attributes:
        digest: hexadecimal SHA-256 of the text.
        source: of `pipelines.model.Source`; template and parameters are the catalogue's.
        report: what validation found, as `phoenix pipeline validate -o json` shows it.
    """

    __tablename__ = "pipeline_versions"
    __table_args__ = (UniqueConstraint("pipeline_id", "number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    pipeline_id: Mapped[str] = mapped_column(ForeignKey("pipelines.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    template: Mapped[str | None] = mapped_column(String(100))
    parameters: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))
