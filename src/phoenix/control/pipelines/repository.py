"""SQL of pipelines and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.pipelines.model import Draft, Pipeline, PipelineVersion, Reference, Source
from phoenix.control.pipelines.tables import PipelineRow, PipelineVersionRow
from phoenix.core.ids import PipelineVersionId, new_id
from phoenix.store.upsert import insert


async def named(session: AsyncSession, name: str, *, actor: str, now: datetime) -> str:
    """Return the id of the pipeline of this name, made if it is new, and locked until the transaction ends."""
    made = insert(session, PipelineRow).values(id=new_id("pl", now), name=name, created_at=now, created_by=actor)
    await session.execute(made.on_conflict_do_nothing())
    found = await session.scalars(select(PipelineRow.id).where(PipelineRow.name == name).with_for_update())
    return found.one()


async def add(
    session: AsyncSession, pipeline_id: str, draft: Draft, report: dict[str, Any], *, actor: str, now: datetime
) -> PipelineVersionId:
    """Write the next version of a pipeline that is locked; return its id."""
    newest = select(func.max(PipelineVersionRow.number)).where(PipelineVersionRow.pipeline_id == pipeline_id)
    row = PipelineVersionRow(
        id=new_id("pv", now),
        pipeline_id=pipeline_id,
        number=(await session.scalar(newest) or 0) + 1,
        text=draft.text,
        digest=draft.digest,
        source=draft.source.value,
        template=draft.template,
        parameters=None if draft.parameters is None else dict(draft.parameters),
        report=report,
        created_at=now,
        created_by=actor,
    )
    session.add(row)
    await session.flush()
    return PipelineVersionId(row.id)


async def by_id(session: AsyncSession, version_id: str) -> PipelineVersion | None:
    """Return the version that has this id."""
    return await _first(session, _versions().where(PipelineVersionRow.id == version_id))


async def by_reference(session: AsyncSession, reference: Reference) -> PipelineVersion | None:
    """Return the version that is meant."""
    wanted = _versions().where(PipelineRow.name == reference.name)
    if reference.number is not None:
        wanted = wanted.where(PipelineVersionRow.number == reference.number)
    return await _first(session, wanted)


async def by_digest(session: AsyncSession, name: str, digest: str) -> PipelineVersion | None:
    """Return the newest version of a pipeline that has this text."""
    return await _first(session, _versions().where(PipelineRow.name == name, PipelineVersionRow.digest == digest))


async def versions_of(session: AsyncSession, name: str) -> tuple[PipelineVersion, ...]:
    """Return the versions of a pipeline, newest first."""
    return tuple(_version(*row) for row in await session.execute(_versions().where(PipelineRow.name == name)))


async def newest_of_each(session: AsyncSession) -> tuple[Pipeline, ...]:
    """Return all pipelines, by name."""
    count = func.max(PipelineVersionRow.number)
    newest = select(PipelineVersionRow.pipeline_id, count.label("number")).group_by(PipelineVersionRow.pipeline_id)
    latest = newest.subquery()
    wanted = (
        select(PipelineRow.name, PipelineVersionRow.source, PipelineVersionRow.number, PipelineVersionRow.created_at)
        .join(latest, latest.c.pipeline_id == PipelineRow.id)
        .join(
            PipelineVersionRow,
            (PipelineVersionRow.pipeline_id == PipelineRow.id) & (PipelineVersionRow.number == latest.c.number),
        )
        .order_by(PipelineRow.name)
    )
    return tuple(
        Pipeline(name, Source(source), number, created_at)
        for name, source, number, created_at in await session.execute(wanted)
    )


def _versions() -> Select[PipelineVersionRow, str]:
    joined = select(PipelineVersionRow, PipelineRow.name).join(
        PipelineRow, PipelineRow.id == PipelineVersionRow.pipeline_id
    )
    return joined.order_by(PipelineVersionRow.number.desc())


async def _first(session: AsyncSession, wanted: Select[PipelineVersionRow, str]) -> PipelineVersion | None:
    row = (await session.execute(wanted.limit(1))).first()
    return None if row is None else _version(*row)


def _version(row: PipelineVersionRow, name: str) -> PipelineVersion:
    return PipelineVersion(
        id=PipelineVersionId(row.id),
        pipeline=name,
        number=row.number,
        text=row.text,
        digest=row.digest,
        source=Source(row.source),
        template=row.template,
        parameters=row.parameters,
        report=row.report,
        created_at=row.created_at,
        created_by=row.created_by,
    )
