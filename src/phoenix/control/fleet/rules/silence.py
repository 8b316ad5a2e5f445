"""When a host that is not heard counts as silent, and when as lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from phoenix.control.fleet.model import HostState

HEARTBEAT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Silence:
    """How long is too long.

    Attributes:
        silent_after: three heartbeats: one may be late and one lost.
        lost_after: longer than a reboot, and than a supervisor's longest wait between two tries to connect (90 s).
    """

    silent_after: timedelta = timedelta(seconds=3 * HEARTBEAT_SECONDS)
    lost_after: timedelta = timedelta(minutes=15)

    def state(
        self, condition: str | None, enrolled_at: datetime, last_seen: datetime | None, now: datetime
    ) -> HostState:
        """Return how a host stands: what it suffers from while it is heard, else for how long it is not heard."""
        quiet = now - (last_seen or enrolled_at)
        if quiet > self.lost_after:
            return HostState.LOST
        if last_seen is None or quiet > self.silent_after:
            return HostState.SILENT
        return HostState(condition) if condition else HostState.CONNECTED
