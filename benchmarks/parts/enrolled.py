"""Many enrolled hosts at once: one taken in as the product does it, the others as copies of its rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.model import HOST_PREFIX
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.tables import HostEventRow, HostRow
from phoenix.control.identity.model import digest, new_text
from phoenix.control.identity.tables import TokenRow
from phoenix.core.ids import HostId, new_id
from phoenix.edge.principal import PrincipalKind
from phoenix.store.base import Base
from phoenix.store.database import Database

RINGS: Final = 10


@dataclass(frozen=True, slots=True)
class EnrolledHost:
    """A host and the credential that it connects with."""

    id: HostId
    name: str
    token: str


async def enrol_many(database: Database, fleet: Fleet, count: int, now: datetime, **values: Any) -> list[EnrolledHost]:
    """Enrol hosts with the built-in baseline, each with the labels `app` and `ring`, which has ten values.

    Args:
        database: migrated.
        fleet: the service.
        count: how many.
        now: when.
        values: columns of each that differ from what enrolling writes.
    """
    first, *others = [
        EnrolledHost(HostId(new_id(HOST_PREFIX, now)), f"host-{number:05}", new_text(PrincipalKind.HOST, None))
        for number in range(count)
    ]
    async with database.transaction() as session:
        enrolled = await fleet.enrol(session, name=first.name, labels=_labels(0), config_text="", now=now)
        hosts = [EnrolledHost(enrolled.host.id, first.name, enrolled.credential), *others]
        host, token, event = [await _row(session, table) for table in (HostRow, TokenRow, HostEventRow)]
        if others:
            numbered = list(enumerate(others, start=1))
            await session.execute(
                insert(HostRow),
                [{**host, "id": it.id, "name": it.name, "labels": _labels(place), **values} for place, it in numbered],
            )
            await session.execute(
                insert(TokenRow),
                [
                    {**token, "id": f"tok-{it.id}", "name": it.name, "subject": it.id, "digest": digest(it.token)}
                    for it in others
                ],
            )
            del event["id"]
            await session.execute(insert(HostEventRow), [{**event, "host": it.id} for it in others])
    return hosts


async def _row(session: AsyncSession, table: type[Base]) -> dict[str, Any]:
    return {**(await session.execute(select(table.__table__).limit(1))).mappings().one()}


def _labels(number: int) -> dict[str, str]:
    return {"app": "bench", "ring": str(number % RINGS)}
