"""Counters are added across processes only as deltas."""

from collections.abc import Iterator, Mapping
from typing import Final

import re2

from phoenix.collector.config.pipelines import items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed, Step
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.ottl.holding import UNKNOWN, holds
from phoenix.ottl.syntax import Context, Path

CUMULATIVE_SUM: Final = Code(
    "SUM_OF_CUMULATIVE_COUNTERS",
    Severity.ERROR,
    "A sum of cumulative counters falls when a process exits. Backends read the fall as a restart and add the whole"
    " rest again: false spikes.",
    "Put cumulative_to_delta before, while process.pid is still there, then group and sum.",
    "aggregations after processes were made one; cumulative_to_delta before them",
)
CODES: Final = (CUMULATIVE_SUM,)
# What every counter is: METRIC_DATA_TYPE_SUM, AGGREGATION_TEMPORALITY_CUMULATIVE.
_COUNTER: Final[Mapping[str, object]] = {"type": 2, "aggregation_temporality": 2, "is_monotonic": True}
COUNTERS: Final = (
    "process.cpu.time",
    "process.disk.io",
    "process.disk.operations",
    "process.paging.faults",
    "process.context_switches",
)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the sums over a changing set of processes that counters reach as they are."""
    for route in context.routes:
        merged = route.first(Deed.GROUPS, Deed.DROPS_PID)
        if merged is None:
            continue
        for index, step in enumerate(route.steps):
            if step.deed is not Deed.SUMS or index < merged or route.has(Deed.TO_DELTA, before=index):
                continue
            counters = _counters(step)
            if counters:
                which = f"such as {counters[0]}" if len(counters) > 1 else counters[0]
                message = f"{step.component.key} sums cumulative counters ({which}) of processes that come and go"
                yield CUMULATIVE_SUM.at(context.place(step.path), message)


def _counters(step: Step) -> list[str]:
    """Return the counters of processes that a summing step can reach."""
    if step.component.type == "transform":
        return [name for name in COUNTERS if _reaches(step, name)]
    index = step.path[3] if len(step.path) > 3 else 0
    transforms = items(step.component.settings.get("transforms"))
    body = mapping(transforms[index]) if isinstance(index, int) and index < len(transforms) else {}
    if body.get("match_type") != "regexp":
        return [name for name in COUNTERS if name == step.text]
    try:
        return [name for name in COUNTERS if re2.search(step.text, name)]
    except re2.error:
        return []


def _reaches(step: Step, name: str) -> bool:
    """Return whether a statement is run for the counter, unless its conditions rule it out."""
    counter = {**_COUNTER, "name": name}

    def known(path: Path) -> object:
        return counter.get(path.name, UNKNOWN) if path.context is Context.METRIC else UNKNOWN

    return all(any(holds(condition, known) is not False for condition in group) for group in step.where)
