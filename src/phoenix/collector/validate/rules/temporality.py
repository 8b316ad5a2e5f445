"""Deltas reach only exporters that take them."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import Deed, Route

REFUSES_DELTA: Final = Code(
    "EXPORTER_REFUSES_DELTA",
    Severity.ERROR,
    "prometheus_remote_write drops delta sums and histograms. prometheus adds them up only while each begins where the"
    " last one ended; after a gap it takes a delta for the total.",
    "Put delta_to_cumulative after the last processor that needs deltas, or use an OTLP exporter.",
    "cumulative_to_delta and delta_to_cumulative before prometheus exporters",
)
CODES: Final = (REFUSES_DELTA,)
CUMULATIVE_ONLY: Final = ("prometheus", "prometheus_remote_write")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the exporters that get deltas and cannot use them."""
    for route in context.routes:
        converter = _last_to_delta(route)
        for reference, exporter in route.exporters if converter else ():
            if exporter.type in CUMULATIVE_ONLY:
                message = f"{exporter.key} gets the deltas that {converter} makes"
                yield REFUSES_DELTA.at(context.place(reference.path), message)


def _last_to_delta(route: Route) -> str | None:
    """Return the processor that makes the deltas that leave this route, if any do."""
    maker = None
    for step in route.steps:
        if step.deed is Deed.TO_DELTA:
            maker = step.component.key
        elif step.deed is Deed.TO_CUMULATIVE:
            maker = None
    return maker
