"""What a meter is asked to look for."""

from dataclasses import dataclass

from phoenix.core.errors import InvalidError
from phoenix.core.units import NANOSECONDS
from phoenix.telemetry.processes import ProcessPattern

# One bit of a resource's mask each.
MAX_PATTERNS = 64


class WindowPlanError(InvalidError):
    """A meter is asked for windows that it cannot make."""

    code = "WINDOW_PLAN_INVALID"
    user_action = "Choose windows of a millisecond to a day, and at most 64 critical process patterns."


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How a stream is cut and what is looked for in it.

    Attributes:
        seconds: width of a window.
        critical: processes that must not be lost.
        max_series: series kept a window; of more, those with the smallest hashes.
        scrape_seconds: time between two scrapes, 0 when unknown: two points of one series closer than half of it are
            one too many. When unknown, only points of exactly the same time are.
        max_windows: windows that one body may touch.
    """

    seconds: float
    critical: tuple[ProcessPattern, ...] = ()
    max_series: int = 200_000
    scrape_seconds: float = 0.0
    max_windows: int = 16

    def __post_init__(self) -> None:
        if not 0.001 <= self.seconds <= 86_400:
            raise WindowPlanError(f"a window of {self.seconds:g} s")
        if len(self.critical) > MAX_PATTERNS:
            raise WindowPlanError(f"{len(self.critical)} critical process patterns")

    @property
    def width(self) -> int:
        """Nanoseconds of a window."""
        return round(self.seconds * NANOSECONDS)

    @property
    def too_close(self) -> int:
        """Nanoseconds: points of one series this close or closer are one too many."""
        return max(0, -(-round(self.scrape_seconds * NANOSECONDS) // 2) - 1)
