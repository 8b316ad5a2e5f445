"""process-adaptive-v1: levels of detail, of which the server will choose one for each host by its load."""

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import HIGH_PROCESSES, TEMPORALITY
from phoenix.collector.catalogue.parameters.declaration import Parameter, ParameterType, Values
from phoenix.collector.catalogue.template import Plan, Template
from phoenix.collector.catalogue.templates.aggregated import plan_aggregated
from phoenix.collector.catalogue.templates.minimal import FEW, plan_minimal

LEVELS = {
    1: "every process whole",
    2: "critical and high-priority processes whole, the others summed for each executable",
    3: "critical processes whole, the others summed into one group",
    4: "critical processes with few metrics, the others dropped",
}


def _plan(values: Values) -> Plan:
    critical, level = values.patterns("critical_processes"), values.whole("level")
    if level == 1:
        return Plan((), FoldMap())
    if level == 4:
        return plan_minimal(critical, FEW)
    if level == 3:
        return plan_aggregated(critical, Values(values | {"group_by": "all"}))
    high = (*critical, *values.patterns("high_processes"))
    return plan_aggregated(high, Values(values | {"group_by": "executable"}))


TEMPLATE = Template(
    name="process-adaptive-v1",
    summary="Four levels of detail, from everything to the critical minimum.",
    strategy=(
        "A collector cannot see the load of its host, so the level is a parameter and something else moves it. "
        "Levels: " + "; ".join(f"{level}, {meaning}" for level, meaning in LEVELS.items()) + ". Each level has at most "
        "the series of the one before."
    ),
    drops="At level 4 every process that is not critical; at levels 2 and 3 process.uptime of grouped processes.",
    folds="At levels 2 and 3 the processes that are not kept whole.",
    own_parameters=(
        Parameter("level", ParameterType.INTEGER, "2", "How much is saved.", minimum=1, maximum=len(LEVELS)),
        HIGH_PROCESSES,
        TEMPORALITY,
    ),
    plan=_plan,
    aliases=("process-adaptive-filter-v1",),
)
