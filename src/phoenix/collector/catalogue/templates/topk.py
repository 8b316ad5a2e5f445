"""process-topk-v1: the heavy processes and the critical ones, whole."""

from phoenix.collector.catalogue.blocks import fates, heavy
from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS, both, negated
from phoenix.collector.catalogue.blocks.priorities import is_critical
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import CPU_FRACTION, MEMORY_BYTES, TOP_K
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Plan, Step, Template


def _plan(values: Values) -> Plan:
    light = both(IS_PROCESS, negated(is_critical(values)), negated(heavy.is_heavy(values)))
    steps = (
        Step(
            "transform/measure",
            {"error_mode": "propagate", "metric_statements": heavy.measuring()},
            "Marks each process with its CPU, all states summed, and its memory.",
        ),
        Step(
            "filter/light",
            {"error_mode": "propagate", "metric_conditions": [light]},
            "Drops the processes that are neither critical nor heavy in this scrape, whole.",
        ),
        Step(
            "transform/unmark",
            {"error_mode": "propagate", "metric_statements": [heavy.unmarking()]},
            "",
        ),
    )
    critical = values.patterns("critical_processes")
    return Plan(steps, FoldMap(fates.kept(critical) + fates.dropped(fates.EVERY_PROCESS)))


TEMPLATE = Template(
    name="process-topk-v1",
    summary="The heavy processes and the critical ones, whole.",
    strategy=(
        "Judges every process at every scrape by the sum of its CPU states and by its resident memory, and keeps it "
        "with all its series when it reaches either threshold. A stateless collector cannot rank, so the number kept "
        "varies: `top_k` derives thresholds from a capture that keep about K processes a scrape. The first scrape of a "
        "collector has no CPU utilization yet and is judged by memory alone."
    ),
    drops="The processes that are neither critical nor heavy, at the scrapes where they are not.",
    folds="Nothing.",
    own_parameters=(CPU_FRACTION, MEMORY_BYTES, TOP_K),
    plan=_plan,
)
