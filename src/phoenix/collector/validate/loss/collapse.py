"""What tells series apart is not taken from them, unless their values are worked into one."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity

POINT_IDENTITY_LOST: Final = Code(
    "POINT_IDENTITY_LOST",
    Severity.WARNING,
    "An attribute of points is taken away and nothing aggregates afterwards. Series that differ in it alone become one"
    " with several values at a time, of which a backend keeps one.",
    "Aggregate instead: transform, metric context, aggregate_on_attributes with the attributes to keep.",
    "actions of attributes; statements that delete or keep attributes of points; aggregations after them",
)
INSTANCE_IDENTITY_LOST: Final = Code(
    "INSTANCE_IDENTITY_LOST",
    Severity.WARNING,
    "service.instance.id is taken away. Series of several instances of a service become one with several values.",
    "Keep service.instance.id, or group and aggregate after this step.",
    "resource and transform processors that delete or keep resource attributes",
)
CODES: Final = (POINT_IDENTITY_LOST, INSTANCE_IDENTITY_LOST)
# The attributes that tell apart the points of one metric of the process scraper.
_OF_PROCESSES: Final = ("state", "direction", "type")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the steps after which series that were several cannot be told apart."""
    for route in context.routes:
        for index, step in enumerate(route.steps):
            aggregated = route.has(Deed.SUMS, Deed.AGGREGATES, after=index)
            if step.deed is Deed.DROPS_POINT_KEYS and not aggregated:
                certain = route.reads_processes and step.text in _OF_PROCESSES
                message = f"{step.component.key} takes {step.text} from points, and nothing aggregates afterwards"
                severity = Severity.ERROR if certain else None
                yield POINT_IDENTITY_LOST.at(context.place(step.path), message, severity=severity)
            grouped = route.has(Deed.GROUPS, after=index)
            if step.deed is Deed.DROPS_INSTANCE and not (grouped and aggregated):
                message = f"{step.component.key} takes service.instance.id away for good"
                yield INSTANCE_IDENTITY_LOST.at(context.place(step.path), message)
