"""SQL of this feature."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.metering.model import MeterPlan
from phoenix.control.metering.stored.encoding import decode_reading, encode_reading
from phoenix.control.metering.tables import MeterKeyRow, MeterRow, OwnReadingRow, WindowRow
from phoenix.core.ids import ExperimentId, HostId
from phoenix.core.units import NANOSECONDS

_KEY_ID: Final = 1
_KEY_BYTES: Final = 32
# Below the number of parameters that every SQLite allows in a statement.
_HOSTS_AT_ONCE: Final = 900


class MeteringRepository:
    """Rows of meters, windows and readings, in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def key(self) -> bytes | None:
        """Return the key of the series hashes, or None when none was made yet."""
        row = await self._session.get(MeterKeyRow, _KEY_ID)
        return None if row is None else row.key

    async def make_key(self, now: datetime) -> bytes:
        """Make the key of the series hashes; two replicas that start at once fail at the second."""
        row = MeterKeyRow(id=_KEY_ID, key=secrets.token_bytes(_KEY_BYTES), made_at=now)
        self._session.add(row)
        await self._session.flush()
        return row.key

    async def open_meter(self, experiment: ExperimentId, plan: MeterPlan, now: datetime) -> None:
        """Open a meter, or again with another plan."""
        await self._session.merge(
            MeterRow(
                experiment_id=experiment,
                window_seconds=plan.window_seconds,
                scrape_seconds=plan.scrape_seconds,
                critical=list(plan.critical),
                opened_at=now,
                closed_at=None,
            )
        )

    async def close_meter(self, experiment: ExperimentId, now: datetime) -> None:
        """Close a meter; one that is closed stays as it was."""
        open_one = (MeterRow.experiment_id == experiment) & MeterRow.closed_at.is_(None)
        await self._session.execute(update(MeterRow).where(open_one).values(closed_at=now))

    async def plan(self, experiment: ExperimentId) -> MeterPlan | None:
        """Return the plan of a meter that is open."""
        row = await self._session.get(MeterRow, experiment)
        return None if row is None or row.closed_at is not None else _plan(row)

    async def open_experiments(self) -> frozenset[ExperimentId]:
        """Return the experiments whose meters are open."""
        found = await self._session.scalars(select(MeterRow.experiment_id).where(MeterRow.closed_at.is_(None)))
        return frozenset(map(ExperimentId, found))

    async def window_seconds(self, experiment: ExperimentId) -> float | None:
        """Return the width of a meter's windows, open or closed."""
        row = await self._session.get(MeterRow, experiment)
        return None if row is None else row.window_seconds

    async def put_window(self, row: WindowRow) -> None:
        """Store a window; storing it again changes nothing."""
        await self._session.merge(row)

    async def mark_late(self, experiment: ExperimentId, host: HostId, arm: str, start: int, points: int) -> None:
        """Add to the late points of every row of a window; a window without a row is a gap as it is."""
        await self._session.execute(
            update(WindowRow)
            .where(
                WindowRow.experiment_id == experiment,
                WindowRow.host_id == host,
                WindowRow.arm == arm,
                WindowRow.start == start,
            )
            .values(late_points=WindowRow.late_points + points)
        )

    async def windows(self, experiment: ExperimentId, since: int) -> Sequence[WindowRow]:
        """Return the rows of an experiment that start at or after `since`, by start."""
        chosen = (WindowRow.experiment_id == experiment) & (WindowRow.start >= since)
        found = await self._session.scalars(
            select(WindowRow).where(chosen).order_by(WindowRow.start, WindowRow.host_id, WindowRow.arm, WindowRow.run)
        )
        return found.all()

    async def reached(self, experiment: ExperimentId) -> dict[HostId, int]:
        """Return the end of the last window of each host, nanoseconds."""
        found = await self._session.execute(
            select(WindowRow.host_id, func.max(WindowRow.start), func.max(WindowRow.seconds))
            .where(WindowRow.experiment_id == experiment)
            .group_by(WindowRow.host_id)
        )
        return {HostId(host): start + round(seconds * NANOSECONDS) for host, start, seconds in found}

    async def put_reading(self, host: HostId, reading: OwnReading, now: datetime) -> None:
        """Store a reading; one of the same host and time is replaced."""
        await self._session.merge(
            OwnReadingRow(host_id=host, time=reading.time, reading=encode_reading(reading), written_at=now)
        )

    async def readings(self, host: HostId, since: int) -> list[OwnReading]:
        """Return a host's readings at or after `since`, by time."""
        found = await self._session.scalars(
            select(OwnReadingRow)
            .where(OwnReadingRow.host_id == host, OwnReadingRow.time >= since)
            .order_by(OwnReadingRow.time)
        )
        return [decode_reading(row.reading) for row in found]

    async def latest_reading(self, host: HostId) -> OwnReading | None:
        """Return a host's newest stored reading."""
        found = await self._session.scalars(
            select(OwnReadingRow).where(OwnReadingRow.host_id == host).order_by(OwnReadingRow.time.desc()).limit(1)
        )
        row = found.first()
        return None if row is None else decode_reading(row.reading)

    async def latest_readings(self, hosts: Collection[HostId], since: int) -> dict[HostId, OwnReading]:
        """Return the newest stored reading of each host that has one at or after `since`."""
        found: dict[HostId, OwnReading] = {}
        listed = sorted(hosts)
        for start in range(0, len(listed), _HOSTS_AT_ONCE):
            newest = (
                select(OwnReadingRow.host_id, func.max(OwnReadingRow.time).label("time"))
                .where(OwnReadingRow.host_id.in_(listed[start : start + _HOSTS_AT_ONCE]), OwnReadingRow.time >= since)
                .group_by(OwnReadingRow.host_id)
                .subquery()
            )
            same = (OwnReadingRow.host_id == newest.c.host_id) & (OwnReadingRow.time == newest.c.time)
            rows = await self._session.execute(
                select(OwnReadingRow.host_id, OwnReadingRow.reading).join(newest, onclause=same)
            )
            found |= {HostId(host): decode_reading(reading) for host, reading in rows}
        return found

    async def forget(self, before: datetime, most: int) -> int:
        """Delete up to so many windows of closed meters, and readings, written before a moment; return how many."""
        closed = select(MeterRow.experiment_id).where(MeterRow.closed_at < before)
        window_key = tuple_(WindowRow.experiment_id, WindowRow.host_id, WindowRow.arm, WindowRow.start, WindowRow.run)
        windows = select(*window_key).where(WindowRow.written_at < before, WindowRow.experiment_id.in_(closed))
        reading_key = tuple_(OwnReadingRow.host_id, OwnReadingRow.time)
        readings = select(*reading_key).where(OwnReadingRow.written_at < before)
        count = 0
        for table, key, chosen in ((WindowRow, window_key, windows), (OwnReadingRow, reading_key, readings)):
            statement = delete(table).where(key.in_(chosen.limit(most - count)))
            done = await self._session.execute(statement.execution_options(synchronize_session=False))
            count += getattr(done, "rowcount", 0)
        return count


def _plan(row: MeterRow) -> MeterPlan:
    return MeterPlan(row.window_seconds, tuple(map(str, row.critical)), row.scrape_seconds)
