"""What the parts of this feature are given: the features below, and what is set once."""

from dataclasses import dataclass, field

from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.control.experiments.journal import Journal
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.ports import FleetPort, MeterPort, PipelinePort
from phoenix.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Rooms:
    """The features that experiments use.

    Attributes:
        endpoint: where collectors send what Phoenix measures.
    """

    clock: Clock
    fleet: FleetPort
    metering: MeterPort
    pipelines: PipelinePort
    journal: Journal
    endpoint: PhoenixEndpoint
    limits: ExperimentLimits = field(default_factory=ExperimentLimits)
