"""The newest report of each of many collectors, without a query a host."""

from datetime import UTC, datetime

import pytest

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.metering.repository import MeteringRepository
from phoenix.control.metering.service import Metering
from phoenix.core.clock import SystemClock
from phoenix.core.ids import HostId

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SECOND = 10**9


def reading(time):
    return OwnReading(time, "rev-1", "one", uptime_seconds=time / SECOND, cpu_seconds=1.0, memory_bytes=1)


async def test_the_newest_stored_report_of_each_host_is_found(database):
    hosts = [HostId(f"host-{number:04}") for number in range(1000)]
    async with database.transaction() as session:
        repository = MeteringRepository(session)
        for host in (hosts[0], hosts[950]):
            for time in (30, 10, 20):
                await repository.put_reading(host, reading(time * SECOND), NOW)
        await repository.put_reading(hosts[1], reading(5 * SECOND), NOW)
        await repository.put_reading(HostId("another"), reading(30 * SECOND), NOW)
    meter = Metering(database, SystemClock())
    async with database.read() as session:
        found = await meter.latest_readings(session, hosts, 20 * SECOND)
        assert found == {hosts[0]: reading(30 * SECOND), hosts[950]: reading(30 * SECOND)}
        assert await meter.latest_readings(session, [], 0) == {}
