"""process-baseline-v1: what runs before anything is saved, and what every saving is measured against."""

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Plan, Template


def _plan(_values: Values) -> Plan:
    return Plan((), FoldMap())


TEMPLATE = Template(
    name="process-baseline-v1",
    summary="Every metric of every process.",
    strategy="Sends everything that is scraped, with the host's name on it.",
    drops="Nothing.",
    folds="Nothing.",
    own_parameters=(),
    plan=_plan,
)
