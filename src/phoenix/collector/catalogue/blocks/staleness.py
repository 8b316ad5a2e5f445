"""How long a processor keeps state about a series that is no longer there."""

from phoenix.core.units import format_duration


def max_staleness(interval_seconds: float) -> str:
    """Return ten scrapes, at least ten minutes, as the collector reads it.

    Without an end, the state of every process that ever ran would stay. With too short an end, the first point after a
    pause would be taken for a birth and its whole value counted again.
    """
    return format_duration(max(10 * interval_seconds, 600))
