"""Filters do not drop the processes that must stay visible."""

import re
from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.ottl.holding import UNKNOWN, Known, holds
from phoenix.ottl.syntax import Context, Literal, Path
from phoenix.telemetry.expressions import ExpressionError, compiled
from phoenix.telemetry.processes import EXECUTABLE_NAME, ProcessPattern

DROPPED: Final = Code(
    "CRITICAL_PROCESS_DROPPED",
    Severity.ERROR,
    "A filter by executable name drops a process that is on the list of critical ones.",
    "Leave the critical processes out of what this drops.",
    "filter conditions that the executable's name alone decides; include and exclude of the process scraper",
)
CODES: Final = (DROPPED,)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.:@+-]+")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the filters that certainly drop a critical process; what keys alone cannot decide is left out."""
    names = list(filter(None, map(_plain_name, context.critical)))
    if not names:
        return
    view = context.view
    for reading in context.readings:
        for condition in reading.conditions:
            lost = [name for name in names if holds(condition.expression, _known(name))]
            if lost:
                yield DROPPED.at(context.place(condition.text.path), _message(reading.component, lost))
    for receiver in view.of(Kind.RECEIVERS, "host_metrics"):
        yield from _scraper(context, receiver, names)


def _plain_name(pattern: ProcessPattern) -> str | None:
    """Return the one executable name a pattern means, or None when it means several or another attribute."""
    plain = pattern.attribute == EXECUTABLE_NAME and _PLAIN_NAME.fullmatch(pattern.text)
    return pattern.text if plain else None


def _known(name: str) -> Known:
    """Return what is known of a process of that name: nothing else."""

    def known(path: Path) -> object:
        keys = tuple(key.value for key in path.keys if isinstance(key, Literal))
        is_name = path.context is Context.RESOURCE and path.name == "attributes" and keys == (EXECUTABLE_NAME,)
        return name if is_name else UNKNOWN

    return known


def _scraper(context: RuleContext, receiver: Component, names: list[str]) -> Iterator[Finding]:
    scraper = mapping(mapping(receiver.settings.get("scrapers")).get("process"))
    for key, drops_matches in (("include", False), ("exclude", True)):
        choice = mapping(scraper.get(key))
        given = [name for name in items(choice.get("names")) if isinstance(name, str)]
        if not given:
            continue
        lost = [name for name in names if _chosen(choice.get("match_type"), given, name) is drops_matches]
        if lost:
            place = context.place((*receiver.path, "scrapers", "process", key))
            yield DROPPED.at(place, _message(receiver, lost))


def _chosen(match_type: object, given: list[str], name: str) -> bool | None:
    """Return whether the scraper's choice names `name`; None when it cannot be said."""
    if match_type == "strict":
        return name in given
    if match_type != "regexp":
        return None
    try:
        return any(compiled(pattern).search(name) for pattern in given)
    except ExpressionError:
        return None


def _message(component: Component, lost: list[str]) -> str:
    return f"{component.key} drops {', '.join(lost)}, which must stay visible"
