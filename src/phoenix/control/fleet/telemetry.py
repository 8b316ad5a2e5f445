"""What the fleet asks of the meter: `phoenix.control.metering.service.Metering` has it."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.core.ids import ExperimentId, HostId, RevisionId


class FleetTelemetry(Protocol):
    """Collectors' reports about themselves, and whether an experiment's arms reach the meter."""

    @property
    def ready(self) -> bool:
        """Whether telemetry is taken at all."""
        ...

    def latest_own(self, host: HostId) -> OwnReading | None:
        """Return the newest report of a host that this process took."""
        ...

    def arm_seen(self, experiment: ExperimentId, host: HostId, arm: str, revision: RevisionId) -> datetime | None:
        """Return when this process last took something of an arm under a config revision."""
        ...

    async def own_readings(self, session: AsyncSession, host: HostId, since: int) -> list[OwnReading]:
        """Return a host's reports at or after `since` (nanoseconds, the collector's clock), by time."""
        ...
