"""A clock that stands still until a test steps it."""

from datetime import UTC, datetime, timedelta


class SteppedClock:
    """Both clocks in one."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def step(self, seconds: float) -> None:
        """Let so much time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set(self, seconds: float) -> None:
        """Set the wall clock by so much, as an operator does; the other one goes on."""
        self._now += timedelta(seconds=seconds)
