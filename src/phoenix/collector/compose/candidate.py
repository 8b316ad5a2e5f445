"""The candidate's arm: its metrics pipelines under names of their own, sending to the meter and nowhere else."""

from dataclasses import dataclass, field
from typing import Any, Final

from phoenix.collector.compose.errors import CandidateSourceError, NoMetricsPipelineError
from phoenix.collector.compose.extensions import Extensions
from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import BOUNDARY, METERS, Names
from phoenix.collector.compose.parts import ConfigParts, Part, PipelinePart
from phoenix.collector.compose.receivers import Sharing, same, shared
from phoenix.collector.config.names import SIGNALS, Kind

# Under these keys connectors name pipelines, in lists or lists of lists (routing, failover, round robin).
_PIPELINE_KEYS: Final = frozenset({"pipelines", "default_pipelines", "priority_levels"})


@dataclass(slots=True)
class CandidateArm:
    """What the candidate's arm adds to a config.

    Attributes:
        components: settings by kind and new id.
        extensions: ids that the service must start.
        pipelines: by new id.
        processors: the new ids of its own processors, in the order data flows, each once.
        receivers: the new ids of its own receivers.
        unpaired, notes: as in `Composed`.
    """

    components: dict[Kind, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    extensions: list[str] = field(default_factory=list)
    pipelines: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    processors: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    unpaired: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def candidate_arm(candidate: ConfigParts, baseline: ConfigParts, names: Names) -> CandidateArm:
    """Return the arm of the candidate.

    Raises:
        NoMetricsPipelineError: nothing of the candidate's metrics leads to an exporter.
        CandidateSourceError: its metrics come from its traces or logs, and not so in the baseline.
        ReferenceUnknownError: a metrics pipeline names a component that is not defined.
    """
    return _Builder(candidate, baseline, names).build()


class _Builder:
    def __init__(self, candidate: ConfigParts, baseline: ConfigParts, names: Names) -> None:
        self._candidate, self._baseline, self._names = candidate, baseline, names
        self._extensions = Extensions(candidate, baseline, names)
        self._arm = CandidateArm()
        self._pipelines = candidate.delivering()
        self._new_ids: dict[tuple[Kind, str], str] = {}
        self._pipeline_ids: dict[str, str] = {}
        self._read: set[str] = set()

    def build(self) -> CandidateArm:
        if not self._pipelines:
            path = ("service", "pipelines")
            problem = "no metrics pipeline of the candidate leads to an exporter"
            raise NoMetricsPipelineError.at(self._candidate.document, path, problem)
        for pipeline in self._pipelines:
            self._pipeline_ids[pipeline.id] = self._names.candidate(SIGNALS[0], pipeline.name)
        for pipeline in self._pipelines:
            self._add(pipeline)
        self._arm.extensions = self._extensions.started
        self._arm.components[Kind.EXTENSIONS] = self._extensions.own
        self._note_unread()
        self._note_left_out()
        return self._arm

    def _add(self, pipeline: PipelinePart) -> None:
        sources = [self._source(pipeline, part) for part in self._candidate.sources(pipeline)]
        processors = [
            self._own(self._candidate.processor(pipeline, reference), self._arm.processors)
            for reference in pipeline.processors
        ]
        # What comes from production is taken over here; what comes from the arm itself is behind a boundary already.
        opening = [BOUNDARY] if any(not inside for _, inside in sources) else []
        self._arm.pipelines[self._pipeline_ids[pipeline.id]] = {
            "receivers": list(dict.fromkeys(source for source, _ in sources)),
            "processors": [*opening, *processors],
            "exporters": self._sinks(pipeline),
        }

    def _source(self, pipeline: PipelinePart, part: Part) -> tuple[str, bool]:
        """Return the new id of what a pipeline reads, and whether it is inside the arm."""
        if part.kind is Kind.RECEIVERS:
            return self._receiver(part), False
        if any(part.id in feeding.exporters for feeding in self._pipelines):
            return self._connector(part), True
        equal = [
            other.id
            for other in self._baseline.of(Kind.CONNECTORS).values()
            if other.type == part.type and same(other.settings, part.settings) and self._is_fed(other)
        ]
        if not equal:
            problem = f"its metrics come out of connector {part.id}, which the candidate's traces or logs feed"
            raise CandidateSourceError.at(self._candidate.document, pipeline.path, problem)
        chosen = part.id if part.id in equal else equal[0]
        if not any(chosen in other.receivers for other in self._baseline.metrics):
            self._arm.unpaired.append(f"Connector {chosen} is in the baseline, but no metrics pipeline of it reads it.")
        return chosen, False

    def _is_fed(self, connector: Part) -> bool:
        return any(
            connector.id in pipeline.exporters for pipeline in self._baseline.pipelines if pipeline.signal != SIGNALS[0]
        )

    def _receiver(self, part: Part) -> str:
        known = self._new_ids.get((part.kind, part.id))
        if known is not None:
            return known
        found = shared(part, self._baseline)
        self._arm.unpaired += [found.unpaired] if found.unpaired else []
        self._arm.notes += [found.note] if found.note else []
        if found.how is Sharing.OWN:
            return self._own(part, self._arm.receivers)
        self._new_ids[part.kind, part.id] = found.id
        self._read.add(found.id)
        return found.id

    def _own(self, part: Part, listed: list[str]) -> str:
        if (part.kind, part.id) not in self._new_ids:
            new = self._new_ids[part.kind, part.id] = self._names.candidate(part.type, part.name)
            self._arm.components[part.kind][new] = self._extensions.renamed_in(part.settings)
            listed.append(new)
        return self._new_ids[part.kind, part.id]

    def _connector(self, part: Part) -> str:
        new = self._own(part, [])
        settings = self._arm.components[Kind.CONNECTORS][new]
        self._arm.components[Kind.CONNECTORS][new] = self._with_new_pipelines(settings, "")
        return new

    def _with_new_pipelines(self, value: Any, key: str) -> Any:
        """Return a connector's settings with the arm's pipelines in place of the candidate's; those left out go."""
        if isinstance(value, dict):
            return {name: self._with_new_pipelines(item, name) for name, item in value.items()}
        if not isinstance(value, list):
            return value
        if key not in _PIPELINE_KEYS:
            return [self._with_new_pipelines(item, "") for item in value]
        arm = set(self._pipeline_ids.values())
        renamed = [
            self._with_new_pipelines(item, key) if isinstance(item, list) else self._pipeline_ids.get(item, item)
            for item in value
        ]
        return [item for item in renamed if isinstance(item, list) or item in arm]

    def _sinks(self, pipeline: PipelinePart) -> list[str]:
        read = {reference for other in self._pipelines for reference in other.receivers}
        inner = [self._connector(part) for part in self._candidate.sinks(pipeline, Kind.CONNECTORS) if part.id in read]
        return [METERS[Arm.CANDIDATE], *inner] if pipeline in self._candidate.sending() else inner

    def _note_unread(self) -> None:
        for pipeline in self._baseline.metrics:
            for part in self._baseline.sources(pipeline):
                sentence = f"Receiver {part.id} of the baseline is not read by the candidate."
                if part.kind is Kind.RECEIVERS and part.id not in self._read and sentence not in self._arm.unpaired:
                    self._arm.unpaired.append(sentence)

    def _note_left_out(self) -> None:
        notes = self._arm.notes
        others = [pipeline.id for pipeline in self._candidate.pipelines if pipeline not in self._pipelines]
        if others:
            notes.append(f"Pipelines of the candidate that are not part of the comparison: {', '.join(others)}.")
        if self._extensions.unused:
            notes.append(
                f"Extensions of the candidate that its arm does not use: {', '.join(self._extensions.unused)}."
            )
        if any(part.type == "memory_limiter" for part in self._processors()):
            notes.append("memory_limiter looks at the whole process: in the candidate's arm it counts both arms.")

    def _processors(self) -> list[Part]:
        return [
            self._candidate.processor(pipeline, name) for pipeline in self._pipelines for name in pipeline.processors
        ]
