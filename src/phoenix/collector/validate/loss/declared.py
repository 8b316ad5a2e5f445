"""What a config says it leaves out: no mistakes, told so that whoever reads the report knows."""

from collections.abc import Iterator
from typing import Any, Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.pipelines import Component, items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed, Step
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.ottl.reading import Condition
from phoenix.ottl.syntax import Call, Context, Literal, Path
from phoenix.ottl.walking import walk

SERIES_DROPPED: Final = Code(
    "SERIES_DROPPED",
    Severity.INFO,
    "A filter drops whole series: those of a metric or resource, or those whose attributes it names.",
    "Nothing, if that is what you want; `phoenix whatif` counts what is dropped.",
    "conditions of filter; include and exclude of its metrics",
)
POINTS_DROPPED: Final = Code(
    "POINTS_DROPPED",
    Severity.INFO,
    "Points are dropped by their values or times, so series have gaps; one that has no other points is gone.",
    "Nothing, if that is what you want; `phoenix whatif` counts what is dropped.",
    "conditions of filter that read values of points; cumulative_to_delta, which leaves out what it cannot subtract",
)
POINTS_THINNED: Final = Code(
    "POINTS_THINNED",
    Severity.INFO,
    "interval keeps the newest point of each series and sends it at the end of the interval. What was between is gone;"
    " no series is.",
    "Nothing, if that is what you want.",
    "interval",
)
SERIES_FOLDED: Final = Code(
    "SERIES_FOLDED",
    Severity.INFO,
    "Several series become one, with one value worked out from theirs.",
    "Nothing, if that is what you want; `phoenix whatif` counts what is folded.",
    "aggregate_on_attributes, aggregate_on_attribute_value; combine and aggregations of metrics_transform",
)
CODES: Final = (SERIES_DROPPED, POINTS_DROPPED, POINTS_THINNED, SERIES_FOLDED)
_WHAT: Final = {
    Context.RESOURCE: "every series of resources where",
    Context.SCOPE: "every series of scopes where",
    Context.METRIC: "every series of metrics where",
    Context.DATAPOINT: "every series where",
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what the processors of metrics pipelines drop, thin out and fold by their settings."""
    running = {
        component.key: component
        for pipeline in context.view.metrics_pipelines
        for component in context.view.named(pipeline.processors)
    }
    for reading in context.readings:
        if reading.component.key in running:
            yield from (_dropped(context, reading.component, condition) for condition in reading.conditions)
    for component in running.values():
        yield from _by_type(context, component)
    for route in context.routes:
        for step in route.steps:
            if step.deed in (Deed.SUMS, Deed.AGGREGATES):
                yield SERIES_FOLDED.at(context.place(step.path), f"{step.component.key} folds {_folded(context, step)}")


def _dropped(context: RuleContext, component: Component, condition: Condition) -> Finding:
    place, words = context.place(condition.text.path), " ".join(condition.text.text.split())
    if any(_reads_a_point(part) for part in walk(condition.expression)):
        return POINTS_DROPPED.at(place, f"{component.key} drops every point where {words}")
    return SERIES_DROPPED.at(place, f"{component.key} drops {_WHAT[condition.context]} {words}")


def _reads_a_point(part: object) -> bool:
    if isinstance(part, Path):
        return part.context is Context.DATAPOINT and part.name != "attributes"
    return isinstance(part, Call) and part.name == "Now"


def _by_type(context: RuleContext, component: Component) -> Iterator[Finding]:
    if component.type == "interval":
        every = component.settings.get("interval") or "60s"
        yield POINTS_THINNED.at(
            context.place(component.path), f"{component.key} keeps one point a series in each {every}"
        )
    if component.type == "cumulative_to_delta" and component.settings.get("initial_value") != "keep":
        which = "the first point of every" if component.settings.get("initial_value") == "drop" else "the point of each"
        since = "" if component.settings.get("initial_value") == "drop" else " that began before it did"
        message = f"{component.key} leaves out {which} counter{since}"
        yield POINTS_DROPPED.at(context.place(component.path), message)
    if component.type == "filter":
        metrics = mapping(component.settings.get("metrics"))
        for side, drops in (("include", "every series but those that"), ("exclude", "every series that")):
            if mapping(metrics.get(side)):
                path: ConfigPath = (*component.path, "metrics", side)
                yield SERIES_DROPPED.at(context.place(path), f"{component.key} drops {drops} {side} names")


def _folded(context: RuleContext, step: Step) -> str:
    if step.component.type == "metrics_transform":
        which = f'those of the metrics that "{step.text}" names'
        body = _setting(step.component.settings, step.path[2:])
        kept = items(body.get("label_set"))
        return f"{which}; {_kept(kept)}" if body.get("action") == "aggregate_labels" else which
    statements = (pair for reading in context.readings for pair in reading.statements)
    text, statement = next(pair for pair in statements if pair[0].path == step.path)
    where = " ".join(text.text.partition(" where ")[2].split()) if statement.where is not None else ""
    folded = f"the series of each metric{f' where {where}' if where else ''}"
    if statement.editor.name != "aggregate_on_attributes":
        return folded
    attributes = statement.editor.arguments.get("attributes")
    if attributes is None:
        return folded
    return f"{folded}; {_kept([part.value for part in walk(attributes) if isinstance(part, Literal)])}"


def _kept(kept: list[Any]) -> str:
    if not kept:
        return "one series a metric and resource is left"
    return f"what is left tells apart {', '.join(map(str, kept))}"


def _setting(settings: Any, path: ConfigPath) -> Any:
    for step in path:
        settings = settings[step]
    return mapping(settings)
