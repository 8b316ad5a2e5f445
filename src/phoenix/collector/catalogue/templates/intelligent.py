"""process-intelligent-v1: priority, top-k and folding together."""

from typing import Any

from phoenix.collector.catalogue.blocks import fates, folding, latch
from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS
from phoenix.collector.catalogue.blocks.priorities import PRIORITY, marking
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import (
    CPU_FRACTION,
    GROUP_BY,
    HIGH_PROCESSES,
    LOW_PROCESSES,
    MEMORY_BYTES,
    TEMPORALITY,
    TOP_K,
    UNMATCHED,
)
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Plan, Step, Template

_TAIL = f'{IS_PROCESS} and {PRIORITY} != "critical" and {PRIORITY} != "low"'


def _plan(values: Values) -> Plan:
    steps = (
        Step(
            "transform/judge",
            {"error_mode": "propagate", "metric_statements": _judging(values)},
            "Marks critical and low processes, and those that are heavy or were at an earlier scrape.",
        ),
        Step(
            "filter/low",
            {"error_mode": "propagate", "metric_conditions": [f'{PRIORITY} == "low" and {latch.HEAVY} == nil']},
            "Drops processes of low priority, whole.",
        ),
        *folding.recipe(latch.choosing(_TAIL, values), values, split=True),
    )
    return Plan(steps, _fold_map(values))


def _judging(values: Values) -> list[dict[str, Any]]:
    return [
        {"statements": marking(values)},
        *latch.judging(f'{IS_PROCESS} and {PRIORITY} != "critical"', values),
    ]


def _fold_map(values: Values) -> FoldMap:
    high = values.patterns("high_processes")
    low = fates.EVERY_PROCESS if values.text("unmatched") == "low" else values.patterns("low_processes")
    return FoldMap(
        fates.kept(values.patterns("critical_processes"))
        + fates.folded(high)
        + fates.dropped(low)
        + fates.folded(fates.EVERY_PROCESS)
    )


TEMPLATE = Template(
    name="process-intelligent-v1",
    summary="Critical and heavy processes whole, low ones dropped, the rest summed.",
    strategy=(
        "Sorts by name as process-priority-filter-v1 does and judges as process-topk-v1 does. Critical processes and "
        "heavy ones are kept whole, heavy ones from the scrape at which they first reach a threshold until they end: "
        "their series have no gaps. Low ones that are not heavy are dropped, and everything else is summed into "
        "`_other`, or with `group_by=executable` into one group an executable. At the scrape at which a process is "
        "promoted its counters count in the group once more and its own series begins there; a process that began "
        "after the collector has its start time cleared, since what it did before is in the group."
    ),
    drops="Processes of low priority while they are not heavy; process.uptime of grouped processes.",
    folds="Everything that is neither critical, heavy nor low.",
    own_parameters=(
        HIGH_PROCESSES,
        LOW_PROCESSES,
        UNMATCHED,
        CPU_FRACTION,
        MEMORY_BYTES,
        TOP_K,
        GROUP_BY.with_default("all"),
        TEMPORALITY,
    ),
    plan=_plan,
)
