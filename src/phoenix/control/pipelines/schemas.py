"""Pipelines as they go over the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from phoenix.control.pipelines.model import Pipeline, PipelineVersion, Source
from phoenix.edge.operation import Schema

_TEXT_LENGTH = 1_000_000


class PipelineCreate(Schema):
    """A version to store: a text under a name, or a template with parameters."""

    name: Annotated[str | None, Field(max_length=100, description="Of the pipeline; with `text` only.")] = None
    text: Annotated[str | None, Field(max_length=_TEXT_LENGTH, description="The collector config.")] = None
    template: Annotated[str | None, Field(max_length=100, description="A template of the catalogue.")] = None
    parameters: Annotated[dict[str, Any] | None, Field(description="Of the template.")] = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        own = self.name is not None and self.text is not None and self.template is None and self.parameters is None
        rendered = self.template is not None and self.name is None and self.text is None
        if not own and not rendered:
            raise ValueError("give name and text, or a template and its parameters")
        return self


class PipelineGet(Schema):
    """A version to show: `NAME`, `NAME@3` or an id."""

    reference: Annotated[str, Field(max_length=120)]


class PipelineVersionSchema(Schema):
    """A version of a pipeline."""

    id: str
    reference: str
    name: str
    version: int
    text: str
    digest: str
    source: Source
    template: str | None
    parameters: dict[str, Any] | None
    validation: dict[str, Any]
    created_at: datetime
    created_by: str

    @classmethod
    def of(cls, version: PipelineVersion) -> Self:
        """Return a version's."""
        return cls(
            id=version.id,
            reference=version.reference,
            name=version.pipeline,
            version=version.number,
            text=version.text,
            digest=version.digest,
            source=version.source,
            template=version.template,
            parameters=None if version.parameters is None else dict(version.parameters),
            validation=dict(version.report),
            created_at=version.created_at,
            created_by=version.created_by,
        )


class PipelineListRequest(Schema):
    """Nothing to say."""


class PipelineSchema(Schema):
    """A pipeline in a list."""

    name: str
    source: Source
    versions: int
    created_at: datetime

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """Return a pipeline's."""
        return cls(
            name=pipeline.name, source=pipeline.source, versions=pipeline.versions, created_at=pipeline.created_at
        )


class TemplateSchema(Schema):
    """A template of the catalogue."""

    name: str
    summary: str


class PipelineList(Schema):
    """Every pipeline that is stored, by name, and the catalogue."""

    items: tuple[PipelineSchema, ...]
    catalogue: tuple[TemplateSchema, ...]
