"""Scrapes are not too frequent, and all of one pipeline have one interval."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.durations import seconds
from phoenix.collector.config.names import Kind
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity

TOO_SHORT: Final = Code(
    "COLLECTION_INTERVAL_SHORT",
    Severity.WARNING,
    "Points cost money for each scrape, and reading every process takes a noticeable part of a short interval.",
    "Say collection_interval: 10s or longer.",
    "collection_interval of host_metrics",
)
DIFFERS: Final = Code(
    "COLLECTION_INTERVALS_DIFFER",
    Severity.WARNING,
    "Receivers of one pipeline scrape at different intervals, so sums and windows over both mix points of other times.",
    "Give them one collection_interval, or a pipeline each.",
    "collection_interval of the host_metrics receivers of one pipeline",
)
CODES: Final = (TOO_SHORT, DIFFERS)
SHORTEST_SECONDS: Final = 5.0
DEFAULT_SECONDS: Final = 60.0


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield intervals that are too short, and pipelines that mix several."""
    view = context.view
    for receiver in view.of(Kind.RECEIVERS, "host_metrics"):
        interval = seconds(receiver.settings.get("collection_interval"))
        if interval is not None and interval < SHORTEST_SECONDS:
            place = context.place((*receiver.path, "collection_interval"))
            yield TOO_SHORT.at(place, f"{receiver.key} scrapes every {interval:g} s")
    for pipeline in view.metrics_pipelines:
        intervals: dict[float, str] = {}
        for receiver in view.named(pipeline.receivers):
            if receiver.type == "host_metrics":
                given = seconds(receiver.settings.get("collection_interval"))
                intervals.setdefault(DEFAULT_SECONDS if given is None else given, receiver.key)
        if len(intervals) > 1:
            each = ", ".join(f"{key} every {interval:g} s" for interval, key in intervals.items())
            yield DIFFERS.at(context.place((*pipeline.path, "receivers")), f"{pipeline.key} mixes {each}")
