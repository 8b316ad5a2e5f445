"""What is too old is deleted, and nothing else, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.support.fleet import make_fleet
from tests.support.metering.telemetry import SECOND
from tests.support.store.clocks import SteppedClock

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.events import service as events
from phoenix.control.events.tables import EventRow
from phoenix.control.fleet.model import EventKind, HostEvent
from phoenix.control.fleet.revisions import HistoryRepository
from phoenix.control.fleet.tables import HostEventRow
from phoenix.control.metering.model import MeterPlan
from phoenix.control.metering.repository import MeteringRepository
from phoenix.control.metering.service import Metering
from phoenix.control.metering.tables import OwnReadingRow, WindowRow
from phoenix.core.ids import ExperimentId, HostId
from phoenix.server.retention import Retention

pytestmark = pytest.mark.anyio

HOST = HostId("host-1")
DAY = 86_400
TABLES = (WindowRow, OwnReadingRow, HostEventRow, EventRow)


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def retention(database, clock):
    return Retention(database, clock, timedelta(days=30), Metering(database, clock), make_fleet(clock))


async def write(database, clock, experiment, count=450):
    """Write so many of everything, as it is written at this time."""
    now = clock.now()
    time = round(now.timestamp()) * SECOND
    async with database.transaction() as session:
        metering = MeteringRepository(session)
        await metering.open_meter(experiment, MeterPlan(60.0), now)
        await metering.close_meter(experiment, now)
        for number in range(count):
            start = time + number * SECOND
            measured = {"seconds": 1.0, "points": 1, "late_points": 0, "gap": "", "measure": b"", "written_at": now}
            session.add(
                WindowRow(experiment_id=experiment, host_id=HOST, arm="baseline", start=start, run="r", **measured)
            )
            await metering.put_reading(HOST, OwnReading(start, "rev-1", "i", 1.0, 1.0, 1), now)
            await events.emit(session, "a.b", "c", {}, now)
        await HistoryRepository(session).add([HostEvent(HOST, now, EventKind.CONNECTED)] * count)


async def counts(database):
    async with database.read() as session:
        return [await session.scalar(select(func.count()).select_from(table)) for table in TABLES]


async def test_what_is_older_than_it_is_kept_is_deleted_and_nothing_else(database, clock, retention):
    await write(database, clock, ExperimentId("exp-old"))
    clock.step(20 * DAY)
    await write(database, clock, ExperimentId("exp-new"), 3)
    await retention.step()
    assert await counts(database) == [453] * 4
    clock.step(11 * DAY)
    await retention.step()
    assert await counts(database) == [3] * 4
    await retention.step()
    assert await counts(database) == [3] * 4


async def test_a_clock_that_is_set_takes_no_history_with_it(database, clock, retention, monkeypatch):
    await write(database, clock, ExperimentId("exp-old"), 3)
    then = clock.now()
    monkeypatch.setattr(clock, "now", lambda: then + timedelta(days=365))
    await retention.step()
    assert await counts(database) == [3] * 4
