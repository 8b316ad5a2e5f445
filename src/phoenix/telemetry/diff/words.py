"""Points and series in words, as people know them."""

from datetime import UTC, datetime

from phoenix.telemetry.buffers import value_at
from phoenix.telemetry.capture import Capture, PointKind
from phoenix.telemetry.values import Attributes, AttributeValue, read_attributes, read_metric, read_resource

# Enough of a resource to know it by; the rest would drown the difference.
_TELLING = ("process.pid", "process.executable.name", "service.name", "host.name")
_MOST_ATTRIBUTES = 4


def describe_series(capture: Capture, row: int) -> str:
    """Return the series of a point: metric, its attributes, and who it is about.

    The form is `process.cpu.time{state=user} of process.pid=12, process.executable.name=postgres`.
    """
    metric = int(capture.points.metric[row])
    resource = int(capture.scopes.parent[capture.metrics.parent[metric]])
    name = read_metric(value_at(capture.metrics.values, capture.metrics.value[metric])).name
    attributes = read_attributes(value_at(capture.points.attribute_values, capture.points.attributes[row]))
    about = read_resource(value_at(capture.resources.values, capture.resources.value[resource])).attributes
    told = {key: about[key] for key in _TELLING if key in about} or dict(list(about.items())[:_MOST_ATTRIBUTES])
    braces = f"{{{_listed(attributes)}}}" if attributes else ""
    return f"{name}{braces}" + (f" of {_listed(told)}" if told else "")


def describe_point(capture: Capture, row: int) -> str:
    """Return a point's value and time, in the form `1.5 at 2024-05-01T10:00:00.5Z (since ...)`."""
    points = capture.points
    start = int(points.start_time[row])
    since = f" (since {_time(start)})" if start else ""
    return f"{_value(capture, row)} at {_time(int(points.time[row]))}{since}"


def _value(capture: Capture, row: int) -> str:
    kind = PointKind(int(capture.points.kind[row]))
    if kind is PointKind.INT:
        return str(int(capture.points.bits[row]))
    if kind is PointKind.DOUBLE:
        return repr(float(capture.points.bits[row : row + 1].view("f8")[0]))
    return f"a {kind.name.lower().replace('_', ' ')}"


def _time(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        shown = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return f"{nanoseconds} ns"
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{shown}{fraction}Z"


def _listed(attributes: Attributes) -> str:
    return ", ".join(f"{key}={_shown(value)}" for key, value in attributes.items())


def _shown(value: AttributeValue) -> str:
    return value if isinstance(value, str) else repr(value)
