"""Where the OTTL of filter and transform stands, and which texts are read together.

Lenient as `config.pipelines`: what has the wrong shape is left out here and told by `engine.checking` or the binary.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.pipelines import Component, items, mapping
from phoenix.ottl.dialect import FILTER_CONDITIONS, FILTER_METRICS, TRANSFORM_CONDITIONS, TRANSFORM_STATEMENTS, Dialect

TYPES: Final = ("filter", "transform")
_FILTER_CONTEXTS: Final = ("resource", "metric", "datapoint")
_OTHER_STATEMENTS: Final = ("trace_statements", "log_statements", "profile_statements")
_OTHER_CONDITIONS: Final = ("trace_conditions", "log_conditions", "profile_conditions")
_OTHER_LISTS: Final = (("traces", ("resource", "span", "spanevent")), ("logs", ("resource", "log_record")))


@dataclass(frozen=True, slots=True)
class Text:
    """One statement or condition as the config has it."""

    text: str
    path: ConfigPath


@dataclass(frozen=True, slots=True)
class Group:
    """Texts whose context is named once, or inferred from all of them.

    Attributes:
        context: as named, in small letters; empty when it is inferred, None when the texts are for another signal.
        dialect: where the statements stand.
        condition_dialect: where the conditions stand.
    """

    context: str | None
    statements: tuple[Text, ...]
    conditions: tuple[Text, ...]
    dialect: Dialect
    condition_dialect: Dialect


def groups_of(component: Component) -> Iterator[Group]:
    """Yield all OTTL of a filter or transform processor, in the order in which it runs; that of other signals last."""
    if component.type == "transform":
        yield from _transform(component)
    if component.type == "filter":
        yield from _filter(component)


def _transform(component: Component) -> Iterator[Group]:
    path = (*component.path, "metric_statements")
    flat = []
    for index, item in enumerate(items(component.settings.get("metric_statements"))):
        if isinstance(item, str):
            flat.append(Text(item, (*path, index)))
            continue
        body, at = mapping(item), (*path, index)
        statements = _texts(body.get("statements"), (*at, "statements"))
        conditions = _texts(body.get("conditions"), (*at, "conditions"))
        yield Group(_context(body), statements, conditions, TRANSFORM_STATEMENTS, TRANSFORM_CONDITIONS)
    if flat:
        yield Group("", tuple(flat), (), TRANSFORM_STATEMENTS, TRANSFORM_CONDITIONS)
    for key in _OTHER_STATEMENTS:
        for index, item in enumerate(items(component.settings.get(key))):
            at = (*component.path, key, index)
            texts = _texts(mapping(item).get("statements"), (*at, "statements"))
            single = (Text(item, at),) if isinstance(item, str) else ()
            conditions = _texts(mapping(item).get("conditions"), (*at, "conditions"))
            yield Group(None, (*single, *texts), conditions, TRANSFORM_STATEMENTS, TRANSFORM_CONDITIONS)


def _filter(component: Component) -> Iterator[Group]:
    metrics = mapping(component.settings.get("metrics"))
    for key in _FILTER_CONTEXTS:
        texts = _texts(metrics.get(key), (*component.path, "metrics", key))
        if texts:
            yield Group(key, (), texts, FILTER_METRICS, FILTER_METRICS)
    path = (*component.path, "metric_conditions")
    for index, item in enumerate(items(component.settings.get("metric_conditions"))):
        if isinstance(item, str):
            yield _alone(Text(item, (*path, index)))
            continue
        body = mapping(item)
        texts, context = _texts(body.get("conditions"), (*path, index, "conditions")), _context(body)
        if context:
            yield Group(context, (), texts, FILTER_CONDITIONS, FILTER_CONDITIONS)
        else:
            yield from map(_alone, texts)
    yield from _other_conditions(component)


def _alone(text: Text) -> Group:
    # Without a context each condition of a filter is for the context that fits it alone.
    return Group("", (), (text,), FILTER_CONDITIONS, FILTER_CONDITIONS)


def _other_conditions(component: Component) -> Iterator[Group]:
    found: list[Text] = []
    for section, keys in _OTHER_LISTS:
        for key in keys:
            found += _texts(mapping(component.settings.get(section)).get(key), (*component.path, section, key))
    for key in _OTHER_CONDITIONS:
        for index, item in enumerate(items(component.settings.get(key))):
            at = (*component.path, key, index)
            single = (Text(item, at),) if isinstance(item, str) else ()
            found += (*single, *_texts(mapping(item).get("conditions"), (*at, "conditions")))
    if found:
        yield Group(None, (), tuple(found), FILTER_CONDITIONS, FILTER_CONDITIONS)


def _context(body: Any) -> str:
    named = body.get("context")
    return named.lower() if isinstance(named, str) else ""


def _texts(given: Any, path: ConfigPath) -> tuple[Text, ...]:
    return tuple(Text(item, (*path, index)) for index, item in enumerate(items(given)) if isinstance(item, str))
