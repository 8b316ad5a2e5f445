"""process-priority-filter-v1: whole processes by name, the unimportant ones left out."""

from phoenix.collector.catalogue.blocks import fates
from phoenix.collector.catalogue.blocks.priorities import is_low
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import HIGH_PROCESSES, LOW_PROCESSES, UNMATCHED
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Plan, Step, Template


def _plan(values: Values) -> Plan:
    important = (*values.patterns("critical_processes"), *values.patterns("high_processes"))
    low = fates.EVERY_PROCESS if values.text("unmatched") == "low" else values.patterns("low_processes")
    step = Step(
        "filter/low",
        {"error_mode": "propagate", "metric_conditions": [is_low(values)]},
        "Drops processes of low priority, whole.",
    )
    return Plan((step,), FoldMap(fates.kept(important) + fates.dropped(low)))


TEMPLATE = Template(
    name="process-priority-filter-v1",
    summary="Critical and high-priority processes whole, low-priority ones dropped.",
    strategy=(
        "Sorts processes into critical, high and low by name; a name in two lists has the higher priority. Low ones "
        "are dropped, everything else is kept as it was scraped. Processes that no list names are high unless "
        "`unmatched=low`. Kernel threads are low by default."
    ),
    drops="Every series of the processes of low priority.",
    folds="Nothing.",
    own_parameters=(HIGH_PROCESSES, LOW_PROCESSES, UNMATCHED),
    plan=_plan,
    aliases=("process-priority-based-v1",),
)
