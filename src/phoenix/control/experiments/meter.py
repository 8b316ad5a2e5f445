"""What experiments need of the meter, so that tests can give one that keeps state and is told what came.

`control.metering.service.Metering` has it. The other features below are used as they are.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.metering.model import MeterPlan
from phoenix.core.ids import ExperimentId, HostId
from phoenix.telemetry.window.model import WindowMeasure


class MeterPort(Protocol):
    """What was measured; see `control.metering.service.Metering`."""

    async def open_meter(self, session: AsyncSession, experiment: ExperimentId, plan: MeterPlan) -> None:
        """Take telemetry of an experiment from now on. Safe to call twice."""
        ...

    async def close_meter(self, session: AsyncSession, experiment: ExperimentId, now: datetime) -> None:
        """Take no more. Safe to call twice."""
        ...

    async def windows(
        self, session: AsyncSession, experiment: ExperimentId, since: int = 0
    ) -> Mapping[tuple[HostId, str, int], WindowMeasure]:
        """Return the windows that begin at `since` (nanoseconds) or later, complete or with a gap."""
        ...

    async def reached(self, session: AsyncSession, experiment: ExperimentId) -> Mapping[HostId, int]:
        """Return up to where the stored windows of each host reach, nanoseconds of its own clock."""
        ...

    def watermark(self, experiment: ExperimentId, host: HostId, arm: str) -> int | None:
        """Return up to where nothing of a stream is awaited any more, nanoseconds; None when nothing came."""
        ...

    def taken_at(self) -> float | None:
        """Return when this process last took telemetry of any host, by the clock that never goes back; None: never."""
        ...

    async def own_readings(self, session: AsyncSession, host: HostId, since: int) -> list[OwnReading]:
        """Return a collector's reports since a time, nanoseconds."""
        ...

    async def latest_readings(
        self, session: AsyncSession, hosts: Collection[HostId], since: int
    ) -> Mapping[HostId, OwnReading]:
        """Return the newest report of each collector that has one since a time, nanoseconds."""
        ...
