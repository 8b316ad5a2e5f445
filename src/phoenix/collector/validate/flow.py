"""What a pipeline does to metrics, read from the keys of its processors, and the routes that metrics take.

Rules ask here, so each fact about a processor is known in one place. Statements are recognised by their function and
the names they mention, not parsed: whoever writes them in an unusual way is not judged, never judged wrongly.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, ConfigView, Pipeline, Reference, items, mapping
from phoenix.telemetry.expressions import ExpressionError, compiled

PID: Final = "process.pid"
HOST_KEYS: Final = ("host.name", "host.id")
MAX_ROUTES: Final = 1_000

_AGGREGATE: Final = re.compile(r"\baggregate_on_attribute(?:s|_value)\s*\(\s*\"(?P<how>\w+)\"")
_SET_HOST: Final = re.compile(r"\bset\s*\(\s*(?P<resource>resource\.)?attributes\[\"(?:host\.name|host\.id)\"\]")
_DELETE_KEY: Final = re.compile(r"\bdelete_key\s*\(\s*(?P<resource>resource\.)?attributes\s*,\s*\"(?P<key>[^\"]+)\"")
_DELETE_MATCHING: Final = re.compile(
    r"\bdelete_matching_keys\s*\(\s*(?P<resource>resource\.)?attributes\s*,\s*\"(?P<pattern>(?:[^\"\\]|\\.)+)\""
)
_KEEP_KEYS: Final = re.compile(r"\bkeep_keys\s*\(\s*(?P<resource>resource\.)?attributes\s*,\s*\[(?P<keys>[^\]]*)\]")
_KEEP_MATCHING: Final = re.compile(
    r"\bkeep_matching_keys\s*\(\s*(?P<resource>resource\.)?attributes\s*,\s*\"(?P<pattern>(?:[^\"\\]|\\.)+)\""
)


class Deed(Enum):
    """Something a processor does that rules care about."""

    BATCHES = auto()
    TO_DELTA = auto()
    TO_CUMULATIVE = auto()
    GROUPS = auto()
    AGGREGATES = auto()
    SUMS = auto()
    DROPS_PID = auto()
    SETS_HOST = auto()
    LOSES_HOST = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One deed of one processor of a route, and the key or statement it was read from."""

    deed: Deed
    component: Component
    path: ConfigPath
    text: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One OTTL statement or condition of a processor."""

    context: str
    text: str
    path: ConfigPath


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

    def follow(pipelines: tuple[Pipeline, ...]) -> None:
        last = pipelines[-1]
        exporters = [(r, c) for r in last.exporters if (c := view.component(r))]
        ends = tuple(pair for pair in exporters if pair[1].kind is Kind.EXPORTERS)
        if ends and len(found) < MAX_ROUTES:
            found.append(_route(view, pipelines, ends))
        for _, connector in exporters:
            for following in view.metrics_pipelines:
                if following not in pipelines and connector in view.named(following.receivers):
                    follow((*pipelines, following))

    for pipeline in view.metrics_pipelines:
        if any(component.kind is Kind.RECEIVERS for component in view.named(pipeline.receivers)):
            follow((pipeline,))
    return found


def _route(
    view: ConfigView, pipelines: tuple[Pipeline, ...], exporters: tuple[tuple[Reference, Component], ...]
) -> Route:
    processors = [component for pipeline in pipelines for component in view.named(pipeline.processors)]
    receivers = tuple(c for c in view.named(pipelines[0].receivers) if c.kind is Kind.RECEIVERS)
    return Route(pipelines, tuple(step for p in processors for step in steps_of(p)), receivers, exporters)


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
        case "transform":
            yield from _transform_steps(processor)
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
        names = (PID, *HOST_KEYS)
        gone = {name for name in names if name == key or (isinstance(pattern, str) and _matches(pattern, name))}
        yield from _gone(processor, path, gone, "")


def _gone(processor: Component, path: ConfigPath, names: set[str], text: str) -> Iterator[Step]:
    if PID in names:
        yield Step(Deed.DROPS_PID, processor, path, text)
    if names & set(HOST_KEYS):
        yield Step(Deed.LOSES_HOST, processor, path, text)


def statements_of(component: Component) -> Iterator[Statement]:
    """Yield the OTTL statements and conditions for metrics of a transform or filter processor."""
    settings = component.settings
    if component.type == "transform":
        for index, group in enumerate(items(settings.get("metric_statements"))):
            path: ConfigPath = (*component.path, "metric_statements", index)
            if isinstance(group, str):
                yield Statement("", group, path)
            body = mapping(group)
            context = str(body.get("context") or "")
            yield from _texts(context, body.get("statements"), (*path, "statements"))
    if component.type == "filter":
        for key, context in (("resource", "resource"), ("metric", "metric"), ("datapoint", "datapoint")):
            yield from _texts(context, mapping(settings.get("metrics")).get(key), (*component.path, "metrics", key))
        for index, condition in enumerate(items(settings.get("metric_conditions"))):
            at: ConfigPath = (*component.path, "metric_conditions", index)
            if isinstance(condition, str):
                yield Statement("", condition, at)
            group = mapping(condition)
            yield from _texts(str(group.get("context") or ""), group.get("conditions"), (*at, "conditions"))


def _texts(context: str, texts: Any, path: ConfigPath) -> Iterator[Statement]:
    for index, text in enumerate(items(texts)):
        if isinstance(text, str):
            yield Statement(context, text, (*path, index))


def _transform_steps(processor: Component) -> Iterator[Step]:
    for statement in statements_of(processor):
        text, path = statement.text, statement.path
        if aggregate := _AGGREGATE.search(text):
            yield Step(Deed.SUMS if aggregate["how"] == "sum" else Deed.AGGREGATES, processor, path, text)
        if (found := _SET_HOST.search(text)) and _on_resource(found, statement):
            yield Step(Deed.SETS_HOST, processor, path, text)
        yield from _gone(processor, path, _deleted(statement), text)


def _deleted(statement: Statement) -> set[str]:
    names = (PID, *HOST_KEYS)
    text = statement.text
    gone: set[str] = set()
    for found in _DELETE_KEY.finditer(text):
        if _on_resource(found, statement):
            gone |= {found["key"]} & set(names)
    if (found_one := _DELETE_MATCHING.search(text)) and _on_resource(found_one, statement):
        gone |= {name for name in names if _matches(_unescaped(found_one["pattern"]), name)}
    if (found_one := _KEEP_KEYS.search(text)) and _on_resource(found_one, statement):
        gone |= {name for name in names if f'"{name}"' not in found_one["keys"]}
    if (found_one := _KEEP_MATCHING.search(text)) and _on_resource(found_one, statement):
        gone |= {name for name in names if not _matches(_unescaped(found_one["pattern"]), name)}
    return gone


def _on_resource(found: re.Match[str], statement: Statement) -> bool:
    """Return whether the attributes meant are the resource's."""
    return bool(found["resource"]) or statement.context == "resource"


def _unescaped(pattern: str) -> str:
    return pattern.replace("\\\\", "\\")


def _matches(pattern: str, name: str) -> bool:
    """Return whether an unanchored RE2 expression finds something in `name`; False when it is no expression."""
    try:
        return compiled(pattern).search(name) is not None
    except ExpressionError:
        return False


def _metrics_transform_steps(processor: Component) -> Iterator[Step]:
    for index, entry in enumerate(items(processor.settings.get("transforms"))):
        transform: Mapping[str, Any] = mapping(entry)
        path: ConfigPath = (*processor.path, "transforms", index)
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
