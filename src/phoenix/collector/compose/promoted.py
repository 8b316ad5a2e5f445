"""The config that a promoted candidate becomes: its processing, with the baseline's exporters in production.

A candidate's own exporters say nothing: in its experiment it reached the meter only. Called by control/experiments.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from phoenix.collector.compose.candidate import CandidateArm, candidate_arm
from phoenix.collector.compose.errors import ExportersAmbiguousError, NoMetricsPipelineError
from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import BOUNDARY, METERS, Names
from phoenix.collector.compose.parts import ConfigParts, PipelinePart
from phoenix.collector.compose.text import copied, written
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import Kind

_REPLACED_KINDS = (Kind.RECEIVERS, Kind.PROCESSORS, Kind.CONNECTORS)


def promoted_document(baseline: ConfigDocument, candidate: ConfigDocument) -> ConfigDocument:
    """Return the baseline's config with the candidate's metrics pipelines in the place of its own.

    Guaranteed: pipelines of other signals, and metrics pipelines that nobody pays for, stay as they are; so do
    exporters, extensions and telemetry settings. Equal receivers stay the baseline's. A pipeline of the candidate sends
    to what the baseline's pipeline of the same id sends to, else to what all of the baseline's send to.

    Raises:
        ExportersAmbiguousError: the baseline's metrics pipelines send to different exporters, and the candidate's
            pipelines have other ids.
        ComposeError: as `compose_pair`.
    """
    base, wanted = ConfigParts(baseline), ConfigParts(candidate)
    if not base.sending():
        path = ("service", "pipelines")
        raise NoMetricsPipelineError.at(baseline, path, "no metrics pipeline of the baseline has an exporter")
    replaced = _leading_to(base, base.sending())
    generated = copied(baseline.data)
    pipelines = generated["service"]["pipelines"]
    for pipeline in replaced:
        del pipelines[pipeline.path[-1]]
    kept = [pipeline for pipeline in base.pipelines if pipeline not in replaced]
    arm = candidate_arm(wanted, base, _PromotedNames(_taken(base, kept)))
    for new_id, own in zip(arm.pipelines, wanted.delivering(), strict=True):
        arm.pipelines[new_id] = _in_production(arm.pipelines[new_id], own, base, replaced)
    pipelines.update(arm.pipelines)
    _drop_unused(generated, base, replaced, kept, arm)
    for kind, components in arm.components.items():
        if components:
            generated[kind.value] = {**(generated.get(kind.value) or {}), **components}
    started = list(dict.fromkeys((*base.extensions, *arm.extensions)))
    if started:
        generated["service"]["extensions"] = started
    text = written(generated, "Made by Phoenix: a candidate's processing with its baseline's exporters.")
    return ConfigDocument.parse(text, "promoted.yaml")


class _PromotedNames(Names):
    """Ids as the candidate has them where they are free."""

    def candidate(self, type_name: str, name: str) -> str:
        """Return the candidate's own id, or one that says whose it is when the baseline has it already."""
        wanted = f"{type_name}/{name}" if name else type_name
        if wanted not in self._taken:
            return self.free(wanted)
        return self.free(f"{type_name}/{name}_candidate" if name else f"{type_name}/candidate")


def _leading_to(base: ConfigParts, ends: Iterable[PipelinePart]) -> list[PipelinePart]:
    """Return the metrics pipelines whose points come to these, also through connectors, and these."""
    found = list(ends)
    grown = True
    while grown:
        reads = {reference for pipeline in found for reference in pipeline.receivers}
        new = [
            pipeline
            for pipeline in base.metrics
            if pipeline not in found and any(part.id in reads for part in base.sinks(pipeline, Kind.CONNECTORS))
        ]
        found += new
        grown = bool(new)
    return found


def _taken(base: ConfigParts, kept: Iterable[PipelinePart]) -> set[str]:
    taken = {name for kind in (Kind.RECEIVERS, Kind.EXPORTERS, Kind.EXTENSIONS) for name in base.of(kind)}
    for pipeline in kept:
        taken |= {pipeline.id, *pipeline.receivers, *pipeline.processors, *pipeline.exporters}
    return taken


def _in_production(
    pipeline: Mapping[str, list[str]], own: PipelinePart, base: ConfigParts, replaced: list[PipelinePart]
) -> dict[str, list[str]]:
    """Return a pipeline of the arm without its boundary, sending to production instead of the meter."""
    exporters: list[str] = []
    for name in pipeline["exporters"]:
        exporters += _production(own, base, replaced) if name == METERS[Arm.CANDIDATE] else [name]
    return {
        "receivers": pipeline["receivers"],
        "processors": [name for name in pipeline["processors"] if name != BOUNDARY],
        "exporters": list(dict.fromkeys(exporters)),
    }


def _production(own: PipelinePart, base: ConfigParts, replaced: list[PipelinePart]) -> list[str]:
    inner = {reference for pipeline in replaced for reference in pipeline.receivers}
    sends = {
        pipeline.id: [name for name in pipeline.exporters if name not in inner or name in base.of(Kind.EXPORTERS)]
        for pipeline in base.sending()
    }
    if own.id in sends:
        return sends[own.id]
    first, *others = sends.values()
    if any(set(other) != set(first) for other in others):
        problem = f"pipeline {own.id} could send to what any of {', '.join(sends)} sends to"
        raise ExportersAmbiguousError.at(base.document, ("service", "pipelines"), problem)
    return first


def _drop_unused(
    generated: dict[str, Any],
    base: ConfigParts,
    replaced: list[PipelinePart],
    kept: list[PipelinePart],
    arm: CandidateArm,
) -> None:
    """Take out of the config what only the replaced pipelines used."""
    used = {name for pipeline in kept for name in (*pipeline.receivers, *pipeline.processors, *pipeline.exporters)}
    used |= {name for pipeline in arm.pipelines.values() for names in pipeline.values() for name in names}
    was = {name for pipeline in replaced for name in (*pipeline.receivers, *pipeline.processors, *pipeline.exporters)}
    for kind in _REPLACED_KINDS:
        for part in base.of(kind).values():
            if part.id in was and part.id not in used:
                del generated[kind.value][part.path[-1]]
        if not generated.get(kind.value):
            generated.pop(kind.value, None)
