"""Deltas are made by converting, and reach only exporters that take them."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import Route

REFUSES_DELTA: Final = Code(
    "EXPORTER_REFUSES_DELTA",
    Severity.ERROR,
    "prometheus_remote_write drops delta sums and histograms. prometheus adds them up only while each begins where the"
    " last one ended; after a gap it takes a delta for the total.",
    "Put delta_to_cumulative after the last processor that needs deltas, or use an OTLP exporter.",
    "cumulative_to_delta and delta_to_cumulative before prometheus exporters",
)
RELABELLED: Final = Code(
    "TEMPORALITY_RELABELLED",
    Severity.WARNING,
    "A statement sets aggregation_temporality. That changes what values are called and not the values: totals read as"
    " differences, or differences as totals.",
    "Convert with cumulative_to_delta or delta_to_cumulative.",
    "statements of transform",
)
CODES: Final = (REFUSES_DELTA, RELABELLED)
CUMULATIVE_ONLY: Final = ("prometheus", "prometheus_remote_write")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the exporters that get deltas and cannot use them, and values that are only called deltas."""
    for route in context.routes:
        converter = _last_to_delta(route)
        for reference, exporter in route.exporters if converter else ():
            if exporter.type in CUMULATIVE_ONLY:
                message = f"{exporter.key} gets the deltas that {converter} makes"
                yield REFUSES_DELTA.at(context.place(reference.path), message)
        for step in route.steps:
            if step.deed is Deed.RELABELS_TEMPORALITY:
                message = f"{step.component.key} calls values by another temporality and leaves them as they are"
                yield RELABELLED.at(context.place(step.path), message)


def _last_to_delta(route: Route) -> str | None:
    """Return the processor that makes the deltas that leave this route, if any do."""
    maker = None
    for step in route.steps:
        if step.deed is Deed.TO_DELTA:
            maker = step.component.key
        elif step.deed is Deed.TO_CUMULATIVE:
            maker = None
    return maker
