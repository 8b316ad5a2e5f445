"""What a pipeline does to metrics, read from the settings of its processors, and the routes that metrics take.

Rules ask here, so each fact about a processor is known in one place. Statements are read by `validate.ottl`; one that
is wrong, or that only its host can complete, is told elsewhere and not judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, ConfigView, Pipeline, Reference, items, mapping
from phoenix.collector.validate.deeds import HOST_KEYS, IDENTITY_KEYS, PID, Deed, Step
from phoenix.collector.validate.ottl.deeds import finds, identity_deeds, statement_steps
from phoenix.collector.validate.ottl.reading import read

MAX_ROUTES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Route:
    """A way metrics take from receivers to exporters, through connectors when there are any."""

    pipelines: tuple[Pipeline, ...]
    steps: tuple[Step, ...]
    receivers: tuple[Component, ...]
    exporters: tuple[tuple[Reference, Component], ...]

    def first(self, *deeds: Deed, after: int = -1) -> int | None:
        """Return the index of the first step after `after` that is one of `deeds`, or None."""
        return next((i for i, step in enumerate(self.steps) if i > after and step.deed in deeds), None)

    def has(self, *deeds: Deed, after: int = -1, before: int | None = None) -> bool:
        """Return whether any step between is one of `deeds`."""
        return any(step.deed in deeds for step in self.steps[after + 1 : before])

    @property
    def reads_processes(self) -> bool:
        """Whether a receiver of this route scrapes processes."""
        return any("process" in mapping(receiver.settings.get("scrapers")) for receiver in self.receivers)


def routes(view: ConfigView) -> list[Route]:
    """Return every route of metrics; at most `MAX_ROUTES`, each pipeline once on a route."""
    found: list[Route] = []
    steps = {processor.key: tuple(steps_of(processor)) for processor in view.of(Kind.PROCESSORS)}

    def follow(pipelines: tuple[Pipeline, ...]) -> None:
        last = pipelines[-1]
        exporters = [(r, c) for r in last.exporters if (c := view.component(r))]
        ends = tuple(pair for pair in exporters if pair[1].kind is Kind.EXPORTERS)
        if ends and len(found) < MAX_ROUTES:
            found.append(_route(view, pipelines, ends, steps))
        for _, connector in exporters:
            for following in view.metrics_pipelines:
                if following not in pipelines and connector in view.named(following.receivers):
                    follow((*pipelines, following))

    for pipeline in view.metrics_pipelines:
        if any(component.kind is Kind.RECEIVERS for component in view.named(pipeline.receivers)):
            follow((pipeline,))
    return found


def _route(
    view: ConfigView,
    pipelines: tuple[Pipeline, ...],
    exporters: tuple[tuple[Reference, Component], ...],
    steps: Mapping[str, tuple[Step, ...]],
) -> Route:
    processors = [component for pipeline in pipelines for component in view.named(pipeline.processors)]
    receivers = tuple(c for c in view.named(pipelines[0].receivers) if c.kind is Kind.RECEIVERS)
    return Route(pipelines, tuple(step for p in processors for step in steps[p.key]), receivers, exporters)


def steps_of(processor: Component) -> Iterator[Step]:
    """Yield what one processor does, in the order it does it."""
    match processor.type:
        case "batch":
            yield Step(Deed.BATCHES, processor, processor.path)
        case "cumulative_to_delta":
            yield Step(Deed.TO_DELTA, processor, processor.path)
        case "delta_to_cumulative":
            yield Step(Deed.TO_CUMULATIVE, processor, processor.path)
        case "groupbyattrs":
            yield Step(Deed.GROUPS, processor, processor.path)
        case "resource_detection":
            yield Step(Deed.SETS_HOST, processor, processor.path)
        case "resource":
            yield from _resource_steps(processor)
        case "attributes":
            yield from _attributes_steps(processor)
        case "transform":
            yield from statement_steps(read(processor))
        case "metrics_transform":
            yield from _metrics_transform_steps(processor)


def _resource_steps(processor: Component) -> Iterator[Step]:
    for index, entry in enumerate(items(processor.settings.get("attributes"))):
        action = mapping(entry)
        path = (*processor.path, "attributes", index)
        key, pattern = action.get("key"), action.get("pattern")
        if action.get("action") != "delete":
            if key in HOST_KEYS and action.get("action") in ("insert", "update", "upsert"):
                yield Step(Deed.SETS_HOST, processor, path)
            continue
        gone = {name for name in IDENTITY_KEYS if name == key}
        gone |= {name for name in (PID, *HOST_KEYS) if isinstance(pattern, str) and finds(pattern, name)}
        for deed, text in identity_deeds(gone):
            yield Step(deed, processor, path, text)


def _attributes_steps(processor: Component) -> Iterator[Step]:
    for index, entry in enumerate(items(processor.settings.get("actions"))):
        action = mapping(entry)
        if str(action.get("action")).lower() == "delete":
            text = str(action.get("key") or action.get("pattern"))
            yield Step(Deed.DROPS_POINT_KEYS, processor, (*processor.path, "actions", index), text)


def _metrics_transform_steps(processor: Component) -> Iterator[Step]:
    for index, entry in enumerate(items(processor.settings.get("transforms"))):
        transform: Mapping[str, Any] = mapping(entry)
        path = (*processor.path, "transforms", index)
        include = str(transform.get("include") or "")
        if transform.get("action") == "combine":
            how = transform.get("aggregation_type") or "sum"
            yield Step(Deed.SUMS if how == "sum" else Deed.AGGREGATES, processor, path, include)
        for number, operation in enumerate(items(transform.get("operations"))):
            body = mapping(operation)
            if body.get("action") in ("aggregate_labels", "aggregate_label_values"):
                how = body.get("aggregation_type") or "sum"
                deed = Deed.SUMS if how == "sum" else Deed.AGGREGATES
                yield Step(deed, processor, (*path, "operations", number), include)
