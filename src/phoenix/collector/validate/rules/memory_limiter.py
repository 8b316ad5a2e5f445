"""memory_limiter stands first, and its limit is a number of MiB."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity

MISSING: Final = Code(
    "MEMORY_LIMITER_MISSING",
    Severity.WARNING,
    "Nothing holds the collector back when memory runs short, so the kernel kills it and what was in memory is lost.",
    "Define memory_limiter with check_interval and limit_mib, and name it first in the pipeline's processors.",
    "processors of pipelines that begin at a receiver",
)
NOT_FIRST: Final = Code(
    "MEMORY_LIMITER_NOT_FIRST",
    Severity.WARNING,
    "memory_limiter refuses data so that receivers slow down; what stands before it has used the memory already.",
    "Name memory_limiter first in the pipeline's processors.",
    "order of processors",
)
PERCENTAGE: Final = Code(
    "MEMORY_LIMITER_PERCENTAGE",
    Severity.WARNING,
    "A percentage is of the host's (or cgroup's) memory, so one text means another limit on each host.",
    "Say limit_mib and spike_limit_mib instead of the percentages.",
    "limit_percentage and spike_limit_percentage of memory_limiter",
)
CODES: Final = (MISSING, NOT_FIRST, PERCENTAGE)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with memory limiters."""
    view = context.view
    for pipeline in view.pipelines:
        processors = [(reference, view.component(reference)) for reference in pipeline.processors]
        limiters = [
            index for index, (_, processor) in enumerate(processors) if processor and processor.type == "memory_limiter"
        ]
        if limiters and limiters[0] > 0:
            message = f"memory_limiter is number {limiters[0] + 1} of the processors of {pipeline.key}"
            yield NOT_FIRST.at(context.place(processors[limiters[0]][0].path), message)
        begins = any(component.kind is Kind.RECEIVERS for component in view.named(pipeline.receivers))
        if not limiters and begins:
            yield MISSING.at(context.place(pipeline.path), f"pipeline {pipeline.key} has no memory_limiter")
    for limiter in view.of(Kind.PROCESSORS, "memory_limiter"):
        for key in ("limit_percentage", "spike_limit_percentage"):
            if limiter.settings.get(key):
                yield PERCENTAGE.at(context.place((*limiter.path, key)), f"{limiter.key} says {key}")
