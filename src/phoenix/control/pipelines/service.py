"""Pipelines: texts of users and of the catalogue as versions that never change. Made once by `server`."""

import difflib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.errors import TemplateNotFoundError
from phoenix.control.audit import service as audit
from phoenix.control.pipelines import repository
from phoenix.control.pipelines.checking import Checker
from phoenix.control.pipelines.errors import PipelineNameError, PipelineNotFoundError, PipelineParametersError
from phoenix.control.pipelines.model import NAME_FORM, Draft, Pipeline, PipelineVersion, Reference, Source
from phoenix.core.ids import PipelineVersionId


class Pipelines:
    """Pipelines, in the caller's transaction."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    async def create(
        self, session: AsyncSession, *, name: str, text: str, actor: str, now: datetime
    ) -> PipelineVersion:
        """Store a user's text as the next version of a pipeline; the newest version if it has this text already.

        Raises:
            PipelineNameError: the name cannot be a user's pipeline's.
            ConfigSyntaxError: the config has errors.
        """
        if not re.fullmatch(NAME_FORM, name) or _in_catalogue(name):
            raise PipelineNameError(f"{name!r} cannot be the name of a pipeline", name=name)
        draft = Draft(text)
        report = await self._checker.check(draft, f"{name}.yaml")
        newest = await repository.by_reference(session, Reference(name, None))
        if newest is not None and newest.digest == draft.digest:
            return newest
        return await self._store(session, name, draft, report, actor=actor, now=now)

    async def render(
        self,
        session: AsyncSession,
        template: str,
        parameters: Mapping[str, Any] | None,
        *,
        actor: str,
        now: datetime,
    ) -> PipelineVersion:
        """Store a template of the catalogue with these parameters as a version of the template's name.

        The same text is stored once.

        Raises:
            TemplateNotFoundError: the catalogue has no such template.
            InvalidError: a parameter does not fit, or the config has errors.
        """
        rendered = registry.render(template, parameters)
        name = rendered.template.name
        draft = Draft(rendered.text, Source.CATALOGUE, name, dict(parameters or {}))
        report = await self._checker.check(draft, f"{name}.yaml")
        known = await repository.by_digest(session, name, draft.digest)
        return known or await self._store(session, name, draft, report, actor=actor, now=now)

    async def resolve(
        self,
        session: AsyncSession,
        reference: str,
        *,
        actor: str,
        now: datetime,
        parameters: Mapping[str, Any] | None = None,
    ) -> PipelineVersion:
        """Return the version that a reference means: `NAME` (the newest), `NAME@3`, an id, or a catalogue template.

        A template is rendered with the parameters and stored.

        Raises:
            PipelineNotFoundError: it means nothing here.
            PipelineParametersError: there are parameters, and it is no template.
            InvalidError: a parameter does not fit, or the template's config has errors.
        """
        if _in_catalogue(reference):
            return await self.render(session, reference, parameters, actor=actor, now=now)
        if parameters:
            raise PipelineParametersError(f"pipeline {reference!r} takes no parameters", parameters=sorted(parameters))
        return await self.find(session, reference)

    async def find(self, session: AsyncSession, reference: str) -> PipelineVersion:
        """Return the stored version that a reference means; nothing is rendered.

        Raises:
            PipelineNotFoundError: nothing stored is meant.
        """
        found = await repository.by_id(session, reference)
        if found is None and (parsed := Reference.parse(reference)):
            found = await repository.by_reference(session, parsed)
        if found is None:
            raise PipelineNotFoundError(f"there is no pipeline {reference!r}", reference=reference)
        return found

    async def get(self, session: AsyncSession, version_id: PipelineVersionId) -> PipelineVersion:
        """Return a version by its id.

        Raises:
            PipelineNotFoundError: there is none.
        """
        found = await repository.by_id(session, version_id)
        if found is None:
            raise PipelineNotFoundError(f"there is no pipeline version {version_id!r}", reference=version_id)
        return found

    async def pipelines(self, session: AsyncSession) -> tuple[Pipeline, ...]:
        """Return all pipelines, by name."""
        return await repository.newest_of_each(session)

    async def versions(self, session: AsyncSession, name: str) -> tuple[PipelineVersion, ...]:
        """Return the versions of a pipeline, newest first.

        Raises:
            PipelineNotFoundError: there is none of this name.
        """
        found = await repository.versions_of(session, name)
        if not found:
            raise PipelineNotFoundError(f"there is no pipeline {name!r}", reference=name)
        return found

    async def diff(self, session: AsyncSession, before: str, after: str) -> str:
        """Return the difference of two stored versions as a unified diff, empty when their texts are equal.

        Raises:
            PipelineNotFoundError: a reference means nothing here.
        """
        old, new = await self.find(session, before), await self.find(session, after)
        lines = difflib.unified_diff(
            old.text.splitlines(keepends=True), new.text.splitlines(keepends=True), old.reference, new.reference
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    async def _store(
        self, session: AsyncSession, name: str, draft: Draft, report: dict[str, Any], *, actor: str, now: datetime
    ) -> PipelineVersion:
        pipeline_id = await repository.named(session, name, actor=actor, now=now)
        version = await self.get(
            session, await repository.add(session, pipeline_id, draft, report, actor=actor, now=now)
        )
        after = {"reference": version.reference, "digest": version.digest}
        await audit.record(session, "pipeline.created", actor=actor, subject=version.id, after=after, now=now)
        return version


def _in_catalogue(name: str) -> bool:
    try:
        registry.find(name)
    except TemplateNotFoundError:
        return False
    return True
