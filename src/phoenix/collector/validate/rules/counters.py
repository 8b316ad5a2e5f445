"""Counters are added across processes only as deltas."""

from collections.abc import Iterator
from typing import Final

import re2

from phoenix.collector.config.pipelines import items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import Deed, Step

CUMULATIVE_SUM: Final = Code(
    "SUM_OF_CUMULATIVE_COUNTERS",
    Severity.ERROR,
    "A sum of cumulative counters falls when a process exits. Backends read the fall as a restart and add the whole"
    " rest again: false spikes.",
    "Put cumulative_to_delta before, while process.pid is still there, then group and sum.",
    "aggregations after processes were made one; cumulative_to_delta before them",
)
CODES: Final = (CUMULATIVE_SUM,)
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
    """Return the counters of processes that a summing step can reach: all unless its keys name other metrics."""
    if step.component.type == "transform":
        _, where, condition = step.text.partition(" where ")
        named = [name for name in COUNTERS if f'"{name}"' in condition]
        if named or not where or "process." not in condition:
            return named or list(COUNTERS)
        return []
    index = step.path[3] if len(step.path) > 3 else 0
    transforms = items(step.component.settings.get("transforms"))
    body = mapping(transforms[index]) if isinstance(index, int) and index < len(transforms) else {}
    if body.get("match_type") != "regexp":
        return [name for name in COUNTERS if name == step.text]
    try:
        return [name for name in COUNTERS if re2.search(step.text, name)]
    except re2.error:
        return []
