"""process-minimal-v1: the least that still answers whether the critical processes live and how big they are."""

from phoenix.collector.catalogue import source
from phoenix.collector.catalogue.blocks import fates
from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS, any_of, both, negated, quote
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.declaration import Parameter, ParameterType, Values
from phoenix.collector.catalogue.template import Plan, Step, Template
from phoenix.telemetry.processes import ProcessPattern

FEW = ("process.cpu.time", "process.memory.usage")


def plan_minimal(critical: tuple[ProcessPattern, ...], metrics: tuple[str, ...]) -> Plan:
    """Return the plan that keeps `metrics` of the processes that `critical` names and nothing else of a process."""
    others = both(IS_PROCESS, negated(any_of(critical)))
    unwanted = both(IS_PROCESS, *(f"metric.name != {quote(name)}" for name in metrics))
    step = Step(
        "filter/minimal",
        {"error_mode": "propagate", "metric_conditions": [others, unwanted]},
        "Drops all but the critical processes, and of these all but a few metrics.",
    )
    return Plan((step,), FoldMap(fates.kept(critical, metrics) + fates.dropped(fates.EVERY_PROCESS)))


def _plan(values: Values) -> Plan:
    return plan_minimal(values.patterns("critical_processes"), values.names("metrics"))


TEMPLATE = Template(
    name="process-minimal-v1",
    summary="Critical processes only, with few metrics.",
    strategy="Keeps the metrics named of the processes named, as they were scraped, and nothing else of a process.",
    drops="Every process that is not critical, and the other metrics of the critical ones.",
    folds="Nothing.",
    own_parameters=(
        Parameter(
            "metrics",
            ParameterType.NAMES,
            ",".join(FEW),
            "The metrics that critical processes keep.",
            minimum=1,
            choices=source.METRICS,
        ),
    ),
    plan=_plan,
)
