"""Pipelines: a name with immutable versions of a collector config."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from phoenix.core.ids import PipelineVersionId

NAME_FORM: Final = r"[a-z0-9][a-z0-9-]{0,99}"
_REFERENCE: Final = re.compile(rf"({NAME_FORM})(?:@([1-9][0-9]{{0,8}}))?")


class Source(StrEnum):
    """Where a version's text comes from."""

    USER = "user"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is to become a version.

    Attributes:
        text: the collector config, kept verbatim.
        template, parameters: of the catalogue, as they were given; None for a user's text.
    """

    text: str
    source: Source = Source.USER
    template: str | None = None
    parameters: Mapping[str, Any] | None = None

    @property
    def digest(self) -> str:
        """The hexadecimal SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PipelineVersion:
    """A version of a pipeline; it never changes.

    Attributes:
        pipeline: the name.
        number: counts from 1.
        digest: hexadecimal SHA-256 of the text.
        template, parameters: see Draft.
        report: what validation found, as `phoenix pipeline validate -o json` shows it.
        created_by: the principal's id.
    """

    id: PipelineVersionId
    pipeline: str
    number: int
    text: str
    digest: str
    source: Source
    template: str | None
    parameters: Mapping[str, Any] | None
    report: Mapping[str, Any]
    created_at: datetime
    created_by: str

    @property
    def reference(self) -> str:
        """How people name it: `NAME@NUMBER`."""
        return f"{self.pipeline}@{self.number}"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline as lists show it.

    Attributes:
        versions: how many there are, which is also the number of the newest.
        created_at: of the newest version.
    """

    name: str
    source: Source
    versions: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Reference:
    """How a version was named.

    Attributes:
        number: None for the newest.
    """

    name: str
    number: int | None

    @classmethod
    def parse(cls, text: str) -> "Reference | None":
        """Return the reference that a text is, or None.

        >>> Reference.parse("mine@3"), Reference.parse("mine@")
        (Reference(name='mine', number=3), None)
        """
        found = _REFERENCE.fullmatch(text)
        return cls(found[1], int(found[2]) if found[2] else None) if found else None
