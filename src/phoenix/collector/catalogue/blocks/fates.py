"""Fold maps of the templates, from the same patterns that their conditions are made of.

kept("critical"), then dropped(low), then folded(): the first rule that matches decides.
"""

from collections.abc import Iterable, Sequence

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.telemetry.processes import EXECUTABLE_NAME, ProcessPattern

# Every resource that is a process; others, such as a host's own metrics, are nobody's to drop or fold.
EVERY_PROCESS = (ProcessPattern(f"{EXECUTABLE_NAME}=any", EXECUTABLE_NAME, "(?s).*"),)

# What the process scraper counts up, all additive.
COUNTERS = frozenset(
    {
        "process.cpu.time",
        "process.disk.io",
        "process.disk.operations",
        "process.paging.faults",
        "process.context_switches",
    }
)
# A sum of these over processes says nothing, so a group has none.
NOT_ADDITIVE = frozenset({"process.uptime"})


def kept(processes: Sequence[ProcessPattern], metrics: Iterable[str] = ()) -> tuple[FoldRule, ...]:
    """Return the rule that these processes stay whole; none for no pattern, which would match everything."""
    return (FoldRule(Fate.KEPT, tuple(processes), frozenset(metrics)),) if processes else ()


def dropped(processes: Sequence[ProcessPattern], metrics: Iterable[str] = ()) -> tuple[FoldRule, ...]:
    """Return the rule that these processes are lost; none for no pattern."""
    return (FoldRule(Fate.DROPPED, tuple(processes), frozenset(metrics)),) if processes else ()


def folded(processes: Sequence[ProcessPattern] = EVERY_PROCESS) -> tuple[FoldRule, ...]:
    """Return the rules that these processes are summed into groups, less what does not add up; none for no pattern."""
    return (*dropped(processes, NOT_ADDITIVE), FoldRule(Fate.FOLDED, tuple(processes))) if processes else ()


def with_delta_counters(fold_map: FoldMap) -> FoldMap:
    """Return the fold map after every counter was made delta for a destination that refuses cumulative.

    A kept counter is then a series of another temporality with the same total, which is a group of one.
    """
    rules: list[FoldRule] = []
    for rule in fold_map.rules:
        counters = COUNTERS & rule.metrics if rule.metrics else COUNTERS
        if rule.fate is Fate.KEPT and counters:
            rules.append(FoldRule(Fate.FOLDED, rule.processes, counters))
        rules.append(rule)
    return FoldMap((*rules, FoldRule(Fate.FOLDED, (), COUNTERS)))
