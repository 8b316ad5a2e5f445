"""What the parts of this feature are given: the features below, and what is set once."""

from dataclasses import dataclass, field

from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.control.experiments.journal import Journal
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.meter import MeterPort
from phoenix.control.fleet.service import Fleet
from phoenix.control.pipelines.service import Pipelines
from phoenix.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Rooms:
    """The features that experiments use.

    Attributes:
        endpoint: where collectors send what Phoenix measures.
    """

    clock: Clock
    fleet: Fleet
    metering: MeterPort
    pipelines: Pipelines
    journal: Journal
    endpoint: PhoenixEndpoint
    limits: ExperimentLimits = field(default_factory=ExperimentLimits)
