"""Series, processes and times in words that a user of the telemetry knows, for the reasons the loss check gives."""

from collections.abc import Mapping
from datetime import UTC, datetime

from phoenix.core.units import NANOSECONDS
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.process import HOST_KEYS
from phoenix.telemetry.processes import EXECUTABLE_NAME, PID


def series_text(observed: Observed, series: int) -> str:
    """Return a series as people say it: `process.cpu.time{state=user} of nginx (pid 12) on host a`."""
    attributes = observed.attributes_of(series)
    inside = ", ".join(f"{key}={attributes[key]!s}" for key in sorted(attributes))
    name = observed.metric_of(series).name
    return (
        f"{name}{{{inside}}}{_of(observed.resource_of(series))}"
        if inside
        else f"{name}{_of(observed.resource_of(series))}"
    )


def process_text(resource: Mapping[str, object]) -> str:
    """Return a process as people say it: `nginx (pid 12) on host a`."""
    name, pid = resource.get(EXECUTABLE_NAME), resource.get(PID)
    who = str(name) if name is not None else "a process without a name"
    return (who if pid is None else f"{who} (pid {pid})") + _on(resource)


def clock_text(nanoseconds: int) -> str:
    """Return the time of day in UTC, to the millisecond where there is one.

    >>> clock_text(1_700_000_000_000_000_000), clock_text(1_700_000_000_250_000_000)
    ('22:13:20', '22:13:20.250')
    """
    at = datetime.fromtimestamp(nanoseconds // NANOSECONDS, UTC)
    milliseconds = nanoseconds % NANOSECONDS // 1_000_000
    return f"{at:%H:%M:%S}.{milliseconds:03}" if milliseconds else f"{at:%H:%M:%S}"


def count_text(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun.

    >>> count_text(1, "process", "processes"), count_text(12000, "point")
    ('1 process', '12,000 points')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _of(resource: Mapping[str, object]) -> str:
    if EXECUTABLE_NAME in resource or PID in resource:
        return f" of {process_text(resource)}"
    return _on(resource)


def _on(resource: Mapping[str, object]) -> str:
    host = next((resource[key] for key in HOST_KEYS if key in resource), None)
    return "" if host is None else f" on host {host}"
