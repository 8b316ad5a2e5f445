"""batch stands last, and never cuts a scrape before processors that add up."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import steps_of

NOT_LAST: Final = Code(
    "BATCH_NOT_LAST",
    Severity.WARNING,
    "What stands after batch can drop or shrink the batches, so exporters get small requests again.",
    "Name batch last in the pipeline's processors.",
    "order of processors",
)
CUTS_SCRAPES: Final = Code(
    "BATCH_CUTS_SCRAPES",
    Severity.ERROR,
    "A batch with send_batch_max_size cuts a scrape in two; processors that group or add up work inside one request, so"
    " both halves give a point of the same identity.",
    "Move batch after the processors that group and aggregate, or take send_batch_max_size away.",
    "send_batch_max_size of batch; order of processors",
)
CODES: Final = (NOT_LAST, CUTS_SCRAPES)
_WITHIN_REQUEST: Final = {Deed.GROUPS, Deed.SUMS, Deed.AGGREGATES}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with batches."""
    view = context.view
    for pipeline in view.pipelines:
        for index, reference in enumerate(pipeline.processors):
            batch = view.component(reference)
            if batch is None or batch.type != "batch":
                continue
            after = view.named(pipeline.processors[index + 1 :])
            summing = [other for other in after if any(step.deed in _WITHIN_REQUEST for step in steps_of(other))]
            place = context.place(reference.path)
            if summing and batch.settings.get("send_batch_max_size"):
                yield CUTS_SCRAPES.at(place, f"{batch.key} can cut a scrape before {summing[0].key} adds it up")
            elif any(other.type != "batch" for other in after):
                yield NOT_LAST.at(place, f"{batch.key} stands before {after[0].key}")
