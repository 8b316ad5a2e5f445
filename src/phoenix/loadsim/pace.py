"""How many short-lived processes are due: evenly spaced, and on average exactly as many as asked for."""

# A machine that could not keep up for longer than this is not made to catch up: the load would only grow.
_LONGEST_BACKLOG_SECONDS = 5.0


class Pace:
    """Counts due starts on a clock that is passed in (seconds, only rising)."""

    def __init__(self, per_second: float, now: float) -> None:
        self._gap = 1 / per_second
        self._begin = now
        self._taken = 0

    def take(self, now: float) -> int:
        """Return how many starts have become due since the last call."""
        due = int((now - self._begin) / self._gap) - self._taken
        backlog = int(_LONGEST_BACKLOG_SECONDS / self._gap) + 1
        self._taken += due
        return min(due, backlog)

    def seconds_to_next(self, now: float) -> float:
        """Return the time until another start is due; 0 when one is."""
        return max(0.0, self._begin + (self._taken + 1) * self._gap - now)
