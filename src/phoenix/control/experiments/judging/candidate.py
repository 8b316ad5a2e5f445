"""What is known of a candidate besides its text: what its template declares, and whether it may change values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.compose import names
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import ConfigView, mapping
from phoenix.control.pipelines.model import PipelineVersion
from phoenix.core.errors import InvalidError, PhoenixError
from phoenix.core.units import parse_duration
from phoenix.decide.arms.model import Boundary

# Processors that hand values and times on as they are, or leave points out.
_LEAVING_VALUES: Final = frozenset({"batch", "filter", "memory_limiter", "resource", "resource_detection"})


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What a candidate declares.

    Attributes:
        declared: its template's fold map; None for a config nobody annotated.
        values_stay: no processor of it may change a value or a time.
    """

    declared: FoldMap | None
    values_stay: bool

    @classmethod
    def of(cls, version: PipelineVersion) -> Self:
        """Return what is known of a version."""
        view = ConfigView(ConfigDocument.parse(version.text))
        types = {part.type for pipeline in view.metrics_pipelines for part in view.named(pipeline.processors)}
        return cls(_fold_map(version.template, version.parameters or {}), types <= _LEAVING_VALUES)


def boundary_of(text: str) -> Boundary:
    """Return where the candidate's arm takes over from production in a composed config.

    Where several pipelines of the candidate do, no one processor sees all that comes, and what waits cannot be told.
    """
    view = ConfigView(ConfigDocument.parse(text))
    opening = [
        pipeline
        for pipeline in view.metrics_pipelines
        if pipeline.processors and pipeline.processors[0].key == names.BOUNDARY
    ]
    if len(opening) != 1:
        return Boundary()
    (pipeline,) = opening
    used = [it.key for other in view.metrics_pipelines for it in other.processors]
    own = [it.key for it in pipeline.processors[1:2] if used.count(it.key) == 1]
    receivers = tuple(it.key for it in pipeline.receivers if (Kind.RECEIVERS, it.key) in view.components)
    if len(receivers) < len(pipeline.receivers):
        return Boundary()
    return Boundary(receivers, own[0] if own else "")


def scrape_seconds(text: str, receivers: tuple[str, ...]) -> float:
    """Return the shortest time between two scrapes of some receivers of a config; 0 when none says one."""
    view = ConfigView(ConfigDocument.parse(text))
    found = []
    for component in view.of(Kind.RECEIVERS):
        if component.key in receivers:
            found += intervals(component.settings)
    return min(found, default=0.0)


def intervals(settings: Mapping[str, Any]) -> list[float]:
    """Return every time between two scrapes that a receiver's settings say, seconds."""
    written = [settings.get("collection_interval")]
    # The prometheus receiver has Prometheus's own config inside.
    config = mapping(settings.get("config"))
    written.append(mapping(config.get("global")).get("scrape_interval"))
    written += [mapping(job).get("scrape_interval") for job in config.get("scrape_configs") or ()]
    found = []
    for text in written:
        try:
            found.append(parse_duration(str(text)))
        except InvalidError:
            continue
    return found


def _fold_map(template: str | None, parameters: Mapping[str, object]) -> FoldMap | None:
    """Return what a template declares; None when it is not known, as when it was rendered from a capture."""
    if template is None:
        return None
    try:
        return registry.render(template, parameters).fold_map
    except PhoenixError:
        return None
