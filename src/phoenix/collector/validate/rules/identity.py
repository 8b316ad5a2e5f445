"""What tells processes apart stays, or what it told apart is added up."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import PID, Deed
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import Route

GROUPED_NOT_SUMMED: Final = Code(
    "GROUPED_NOT_SUMMED",
    Severity.ERROR,
    "groupbyattrs never adds values: it puts points of several processes side by side under one identity. The backend"
    " keeps one of them at random, and the rest is lost.",
    'Sum after it: transform, metric context, aggregate_on_attributes("sum"), with points at equal times; or leave'
    " groupbyattrs out.",
    "groupbyattrs; aggregations after it; what takes process.pid away before it",
)
IDENTITY_LOST: Final = Code(
    "PROCESS_IDENTITY_LOST",
    Severity.ERROR,
    "process.pid is taken away and nothing groups afterwards: processes of one name become one series with several"
    " values at a time. What adds up does so within one resource, which groupbyattrs makes of several.",
    "Keep process.pid, or put groupbyattrs and a sum after this step.",
    "resource and transform processors, resource_attributes of the process scraper",
)
CODES: Final = (GROUPED_NOT_SUMMED, IDENTITY_LOST)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the steps that make one series of several processes without adding them up."""
    for route in context.routes:
        yield from _grouped(context, route)
        yield from _deleted(context, route)
        yield from _never_scraped(context, route)


def _grouped(context: RuleContext, route: Route) -> Iterator[Finding]:
    for index, step in enumerate(route.steps):
        if step.deed is not Deed.GROUPS or route.has(Deed.SUMS, Deed.AGGREGATES, after=index):
            continue
        keys = [key for key in items(step.component.settings.get("keys")) if isinstance(key, str)]
        processes = [key for key in keys if key.startswith("process.")]
        if processes or route.has(Deed.DROPS_PID, before=index):
            by = f" by {', '.join(processes)}" if processes else " what lost its process.pid"
            message = f"{step.component.key} groups{by}, and nothing sums afterwards"
            yield GROUPED_NOT_SUMMED.at(context.place(step.path), message)


def _deleted(context: RuleContext, route: Route) -> Iterator[Finding]:
    for index, step in enumerate(route.steps):
        if step.deed is not Deed.DROPS_PID:
            continue
        # Points are added up within one resource, so the processes must have become one before.
        if not route.has(Deed.GROUPS, after=index):
            yield IDENTITY_LOST.at(context.place(step.path), f"{step.component.key} takes process.pid away for good")


def _never_scraped(context: RuleContext, route: Route) -> Iterator[Finding]:
    for receiver in route.receivers:
        if receiver.type != "host_metrics":
            continue
        scraper = mapping(mapping(receiver.settings.get("scrapers")).get("process"))
        pid = mapping(mapping(scraper.get("resource_attributes")).get(PID))
        if pid.get("enabled") is False and not route.has(Deed.GROUPS):
            path = (Kind.RECEIVERS.value, receiver.key, "scrapers", "process", "resource_attributes", PID)
            yield IDENTITY_LOST.at(context.place(path), f"{receiver.key} scrapes processes without process.pid")
