"""Filters do not drop the processes that must stay visible."""

import re
from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.flow import statements_of
from phoenix.telemetry.expressions import ExpressionError, compiled
from phoenix.telemetry.processes import EXECUTABLE_NAME, ProcessPattern

DROPPED: Final = Code(
    "CRITICAL_PROCESS_DROPPED",
    Severity.ERROR,
    "A filter by executable name drops a process that is on the list of critical ones.",
    "Leave the critical processes out of what this drops.",
    "filter conditions that are one test of the executable's name; include and exclude of the process scraper",
)
CODES: Final = (DROPPED,)
_NAME: Final = r'resource\.attributes\["process\.executable\.name"\]'
_TESTS: Final = (
    re.compile(rf'(?P<no>not\s+)?IsMatch\s*\(\s*{_NAME}\s*,\s*"(?P<pattern>(?:[^"\\]|\\.)*)"\s*\)'),
    re.compile(rf'(?P<no>not\s+)?\(?\s*{_NAME}\s*==\s*"(?P<name>(?:[^"\\]|\\.)*)"\s*\)?'),
    re.compile(rf'{_NAME}\s*!=\s*"(?P<other>(?:[^"\\]|\\.)*)"'),
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.:@+-]+")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the filters that certainly drop a critical process; what keys alone cannot decide is left out."""
    names = list(filter(None, map(_plain_name, context.critical)))
    if not names:
        return
    view = context.view
    for processor in view.of(Kind.PROCESSORS, "filter"):
        for statement in statements_of(processor):
            # In the resource context the attributes are the resource's already.
            text = statement.text.strip()
            if statement.context == "resource":
                text = re.sub(r"(?<![\w.])attributes\[", "resource.attributes[", text)
            lost = [name for name in names if _drops(text, name)]
            if lost:
                yield DROPPED.at(context.place(statement.path), _message(processor, lost))
    for receiver in view.of(Kind.RECEIVERS, "host_metrics"):
        yield from _scraper(context, receiver, names)


def _plain_name(pattern: ProcessPattern) -> str | None:
    """Return the one executable name a pattern means, or None when it means several or another attribute."""
    plain = pattern.attribute == EXECUTABLE_NAME and _PLAIN_NAME.fullmatch(pattern.text)
    return pattern.text if plain else None


def _drops(text: str, name: str) -> bool:
    """Return whether the whole condition is one test of the executable's name, and holds for `name`."""
    for test in _TESTS:
        found = test.fullmatch(text)
        if found is None:
            continue
        groups = found.groupdict()
        if (other := groups.get("other")) is not None:
            return _unquoted(other) != name
        if (wanted := groups.get("name")) is not None:
            return (_unquoted(wanted) == name) != bool(groups["no"])
        try:
            return bool(compiled(_unquoted(groups["pattern"])).search(name)) != bool(groups["no"])
        except ExpressionError:
            return False
    return False


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


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
