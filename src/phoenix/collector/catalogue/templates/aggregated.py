"""process-aggregated-v1: the critical processes whole, the others summed with their totals conserved."""

from phoenix.collector.catalogue.blocks import fates, folding
from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS, any_of, both, negated
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import GROUP_BY, TEMPORALITY
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Plan, Template
from phoenix.telemetry.processes import ProcessPattern


def plan_aggregated(whole: tuple[ProcessPattern, ...], values: Values) -> Plan:
    """Return the plan that keeps the processes that `whole` names and folds all others."""
    who = both(IS_PROCESS, negated(any_of(whole)))
    steps = folding.recipe(folding.choosing(who, values), values)
    return Plan(steps, FoldMap(fates.kept(whole) + fates.folded()))


def _plan(values: Values) -> Plan:
    return plan_aggregated(values.patterns("critical_processes"), values)


TEMPLATE = Template(
    name="process-aggregated-v1",
    summary="Critical processes whole, the others summed into groups.",
    strategy=(
        "Keeps critical processes as they were scraped and sums all others into one group an executable (kernel "
        "threads into `_kernel`), or into `_other` with `group_by=all`. Counters are summed as differences and, with "
        "`temporality=cumulative`, added up again, so a group's counter never falls when a process ends. A group has "
        "the host's attributes and `process.executable.name`, and no pid. `temporality` speaks of the groups; "
        "processes that are kept stay cumulative as scraped, unless the destination refuses that."
    ),
    drops="process.uptime of grouped processes, and which process of a group did what.",
    folds="Every process that is not critical.",
    own_parameters=(GROUP_BY, TEMPORALITY),
    plan=_plan,
)
