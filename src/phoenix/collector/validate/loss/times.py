"""Points that are added up share their times, and counters keep their start."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import Route

NOT_ALIGNED: Final = Code(
    "AGGREGATED_TIMES_DIFFER",
    Severity.WARNING,
    "Aggregating adds up points of exactly one time (for deltas, of one start time too). Points of several resources"
    " rarely share it, so each stays as it was, now with the identity of all: duplicates, not sums.",
    "Before it, in the datapoint context, set time to the bucket, for deltas start_time too: "
    'set(time, TruncateTime(time, Duration("10s"))).',
    "aggregations behind groupbyattrs; statements before them that set times",
)
STARTS_LOST: Final = Code(
    "START_TIMES_LOST",
    Severity.WARNING,
    "A statement sets start times to zero. Without them nothing tells a counter that began anew from one that fell, and"
    " cumulative_to_delta and backends guess.",
    "Leave start times as they are, or say by conditions which series begin anew.",
    "statements of transform that set start_time; with conditions it is an info",
)
FIRST_TOTAL: Final = Code(
    "FIRST_TOTAL_SENT_AS_DELTA",
    Severity.WARNING,
    "With initial_value: keep the first point of a counter is sent as a difference though it is the total since the"
    " counter began: one high false value after each start of the collector.",
    "Say initial_value: auto.",
    "initial_value of cumulative_to_delta",
)
CODES: Final = (NOT_ALIGNED, STARTS_LOST, FIRST_TOTAL)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the aggregations that find no points to add up, and the steps that lose start times."""
    for route in context.routes:
        yield from _not_aligned(context, route)
        for step in route.steps:
            if step.deed is Deed.LOSES_STARTS:
                chosen = " where its conditions hold" if step.where else ""
                message = f"{step.component.key} sets start times to zero{chosen}"
                severity = Severity.INFO if step.where else None
                yield STARTS_LOST.at(context.place(step.path), message, severity=severity)
            if step.deed is Deed.TO_DELTA and step.component.settings.get("initial_value") == "keep":
                path = (*step.component.path, "initial_value")
                yield FIRST_TOTAL.at(context.place(path), f"{step.component.key} says initial_value: keep")


def _not_aligned(context: RuleContext, route: Route) -> Iterator[Finding]:
    grouped = route.first(Deed.GROUPS)
    for index, step in enumerate(route.steps):
        if grouped is None or index < grouped or step.deed not in (Deed.SUMS, Deed.AGGREGATES):
            continue
        needed = [Deed.SETS_TIMES]
        if route.has(Deed.TO_DELTA, before=index):
            needed.append(Deed.SETS_STARTS)
        missing = [deed for deed in needed if not route.has(deed, before=index)]
        if missing:
            what = "times" if Deed.SETS_TIMES in missing else "start times"
            message = f"{step.component.key} adds up points of grouped resources, whose {what} nothing made equal"
            severity = Severity.ERROR if route.reads_processes else None
            yield NOT_ALIGNED.at(context.place(step.path), message, severity=severity)
