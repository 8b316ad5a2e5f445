"""The tree of decoding errors, read into its leaves.

The binary prints the tree flat: a line `'protocols.grpc' decoding failed due to the following error(s):` opens a level,
and nothing closes it. Which level a later line belongs to is told by the config itself: the deepest that has its path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.validate.binary_check.locating import value_at

_OPENS: Final = (
    re.compile(r"^'(?P<name>[^']*)' decoding failed due to the following error\(s\):$"),
    re.compile(r"^'(?P<name>[^']*)' error reading configuration for \"(?P<id>[^\"]+)\": (?P<rest>.*)$"),
    re.compile(r"^'(?P<name>[^']*)' error reading settings for scraper type \"(?P<scraper>[^\"]+)\": (?P<rest>.*)$"),
)
_LEAF: Final = re.compile(r"^'(?P<name>[^']*)' (?P<message>.*)$")
_UNKNOWN_KEYS: Final = re.compile(r"^has invalid keys: (?P<keys>.+)$")
_INVALID_SCRAPER: Final = re.compile(r"invalid scraper key: (?P<key>\S+)")
_STEP: Final = re.compile(r"\[(?P<key>[^\]]*)\]|(?P<name>[^.\[\]]+)")
_FAILED: Final = "decoding failed due to the following error(s):"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One decoding error: where, what, and the keys that are not known if that is what is wrong."""

    path: ConfigPath
    message: str
    unknown_keys: tuple[str, ...] = ()


def leaves(document: ConfigDocument, text: str) -> Iterator[Leaf]:
    """Yield the errors of a decoding tree, each with the deepest path of the config that it fits."""
    levels: list[ConfigPath] = [()]
    pending: Leaf | None = None
    for written in text.split("\n"):
        line = written
        while (rest := _opened(document, levels, line)) is not None:
            line = rest if not rest or rest == _FAILED or rest.startswith("'") else f"'' {rest}"
        if not line.strip() or line == _FAILED:
            continue
        found = _LEAF.match(line)
        if found is None and pending is not None:
            pending = Leaf(pending.path, f"{pending.message}\n{line.strip()}", pending.unknown_keys)
            continue
        if pending is not None:
            yield pending
        pending = _leaf(document, levels, found) if found else Leaf(levels[-1], line)
    if pending is not None:
        yield pending


def _opened(document: ConfigDocument, levels: list[ConfigPath], line: str) -> str | None:
    """Enter the level a line opens and return what follows on the line; None when it opens none."""
    for pattern in _OPENS:
        if not (found := pattern.match(line)):
            continue
        groups = found.groupdict()
        base = _fitting(document, levels, groups["name"])
        if component := groups.get("id"):
            base = (*base, component)
        if scraper := groups.get("scraper"):
            base = (*base, "scrapers", scraper)
        levels.append(base)
        return str(groups.get("rest") or "")
    return None


def _leaf(document: ConfigDocument, levels: list[ConfigPath], found: re.Match[str]) -> Leaf:
    name, message = found["name"], found["message"]
    if nested := _LEAF.match(message):
        name, message = f"{name}.{nested['name']}" if nested["name"] else name, nested["message"]
    if keys := _UNKNOWN_KEYS.match(message):
        unknown = tuple(key.strip() for key in keys["keys"].split(","))
        return Leaf(_holding(document, levels, name, unknown[0]), message, unknown)
    if scraper := _INVALID_SCRAPER.search(message):
        return Leaf((*_fitting(document, levels, name), "scrapers"), message, (scraper["key"],))
    return Leaf(_fitting(document, levels, name), message)


def _fitting(document: ConfigDocument, levels: list[ConfigPath], name: str) -> ConfigPath:
    """Return the path of `name` below the deepest level that has it, leaving the levels below that one."""
    for depth in range(len(levels) - 1, -1, -1):
        path = _resolved(document, levels[depth], name)
        if path is not None:
            del levels[depth + 1 :]
            return path
    return levels[-1]


def _holding(document: ConfigDocument, levels: list[ConfigPath], name: str, key: str) -> ConfigPath:
    """Return the deepest path that holds the unknown key."""
    for depth in range(len(levels) - 1, -1, -1):
        path = _resolved(document, levels[depth], name)
        for candidate in (path, levels[depth]):
            value = value_at(document, candidate) if candidate is not None else None
            if candidate is not None and isinstance(value, dict) and key in value:
                return candidate
    return levels[-1]


def _resolved(document: ConfigDocument, base: ConfigPath, name: str) -> ConfigPath | None:
    """Return the path that a dotted name with indexes means below `base`; None when the config has no such path.

    Keys may hold dots themselves, so at each step the longest key that fits is taken. A Go type's name means `base`.
    """
    if not name or re.fullmatch(r"[a-z]\w*\.[A-Z]\w*", name):
        return base
    steps = [found["key"] if found["key"] is not None else found["name"] for found in _STEP.finditer(name)]
    path, value = base, value_at(document, base)
    while steps:
        taken = _longest(value, steps)
        if taken is None:
            return None
        key, used = taken
        path, value, steps = (*path, key), value_at(document, (*path, key)), steps[used:]
    return path


def _longest(value: Any, steps: list[str]) -> tuple[str | int, int] | None:
    if isinstance(value, list):
        return (int(steps[0]), 1) if steps[0].isdigit() and int(steps[0]) < len(value) else None
    if isinstance(value, dict):
        for used in range(len(steps), 0, -1):
            if (key := ".".join(steps[:used])) in value:
                return key, used
    return None
