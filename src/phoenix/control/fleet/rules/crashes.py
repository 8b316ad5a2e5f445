"""Whether a collector crash-loops: one crash is an accident (somebody killed it), the second soon after is not.

The supervisor tells each exit with the process that exited and starts the collector again five seconds later.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from phoenix.edge.opamp.agents import Health

_EXIT: Final = re.compile(r"PID[ =](?P<pid>\d+) exited unexpectedly")
# Twice in this time, or three times in a minute: a collector that comes up and dies of memory takes longer.
_TWICE_SECONDS: Final = 15.0
_THRICE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Crashes:
    """The exits seen lately, oldest first: when, and which process."""

    exits: tuple[tuple[float, str], ...] = ()

    def seen(self, health: Health, now: float) -> Self:
        """Return this with the exit that a health report tells of, if it is a new one."""
        found = _EXIT.search(health.error)
        if found is None or any(pid == found["pid"] for _, pid in self.exits):
            return self
        recent = tuple(it for it in self.exits if now - it[0] < _THRICE_SECONDS)
        return type(self)((*recent, (now, found["pid"])))

    def looping(self, now: float) -> bool:
        """Return whether the collector crashes again and again."""
        times = [time for time, _ in self.exits if now - time < _THRICE_SECONDS]
        return len(times) >= 3 or (len(times) == 2 and times[1] - times[0] < _TWICE_SECONDS)
