"""Frames small enough to see whole, and lists of statements run on them."""

from collections.abc import Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.engine.frame import Frame
from phoenix.engine.opening import open_frame
from phoenix.engine.paths.marks import settled
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Condition, ErrorMode, Group
from phoenix.engine.statements.running import run_groups
from phoenix.ottl.language import parse_group
from phoenix.telemetry.codec import decode

SECOND = 10**9
FIRST = 1_790_000_000 * SECOND


def small_frame(*requests: Sequence[tuple[str, Sequence[float]]]) -> Frame:
    """Return a frame of requests: in each, resources by their name, with the values of their one metric "m"."""
    bodies = []
    for number, request in enumerate(requests):
        body = ExportMetricsServiceRequest()
        for name, values in request:
            resource = body.resource_metrics.add()
            resource.resource.attributes.add(key="name").value.string_value = name
            metric = resource.scope_metrics.add().metrics.add(name="m")
            metric.gauge.SetInParent()
            for value in values:
                point = metric.gauge.data_points.add(time_unix_nano=FIRST + number * SECOND)
                if isinstance(value, int):
                    point.as_int = value
                else:
                    point.as_double = value
        bodies.append(body.SerializeToString())
    return open_frame(decode(bodies))


def group(
    *statements: str, conditions: Sequence[str] = (), mode: ErrorMode = ErrorMode.IGNORE, shared: bool = False
) -> Group:
    """Return a group for the context that is inferred."""
    parsed = parse_group(statements, conditions, None)
    held = [Condition(*pair) for pair in zip(parsed.conditions, conditions, strict=True)]
    return Group(parsed.context, parsed.statements, held, mode, shared)


def run(frame: Frame, *groups: Group) -> tuple[Frame, Failures]:
    """Return the frame after groups, and what failed."""
    failures = Failures()
    return run_groups(frame, groups, failures), failures


def resources(frame: Frame) -> list[dict[str, object]]:
    """Return the attributes of each resource alive."""
    frame = settled(frame)
    return [dict(frame.pools.resources[row].attributes.pairs) for row in frame.resources.value.tolist()]


def points(frame: Frame) -> list[dict[str, object]]:
    """Return the attributes of each point."""
    return [dict(frame.pools.attributes[row].pairs) for row in frame.points.attributes.tolist()]
