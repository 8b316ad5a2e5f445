"""UserAgent (func_useragent.go of ottlfuncs): the first expression of uap-core that finds a name, as uap-go tries them.

The tables beside this file are uap-core at the commit that collector 0.160 has within it. The releases of ua-parser's
own Python package hold other commits, whose answers differ.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.text.patterns import Pattern
from phoenix.engine.values.value import Map, Value

_UNKNOWN: Final = "Other"


def user_agent(user_agent: Value) -> Map:
    """Return name and version of a browser or the like, and of the system it runs on.

    Raises:
        OttlRuntimeError: it is no text.
    """
    said = string_of(user_agent)
    name, version = _found(said, "browsers.tsv", 4)
    system, system_version = _found(said, "systems.tsv", 5)
    pairs = {
        "user_agent.name": name,
        "user_agent.original": said,
        "user_agent.version": version,
        "os.name": system,
        "os.version": system_version,
    }
    # Only an empty version of the system is left out.
    return Map.of(pair for pair in pairs.items() if pair != ("os.version", ""))


@lru_cache(maxsize=1024)
def _found(said: str, table: str, parts: int) -> tuple[str, str]:
    # The name and the parts of the version, joined where they say something. A match without a name does not count, but
    # what it found of a version stays when no other does.
    versions: list[str] = []
    for pattern, templates in _patterns(table, parts):
        filled = pattern.first_filled(said, templates)
        if filled is not None:
            name, *versions = filled
            if name:
                return name, _version(versions)
    return _UNKNOWN, _version(versions)


def _version(parts: list[str]) -> str:
    return "".join(part if place == 0 else f".{part}" for place, part in enumerate(parts) if part)


@cache
def _patterns(table: str, parts: int) -> list[tuple[Pattern, list[str]]]:
    text = files(__package__).joinpath(table).read_text(encoding="utf-8")
    made = []
    for line in text.splitlines():
        if not line.startswith("#"):
            expression, *templates = line.split("\t")
            given = [*templates, *[""] * (parts - len(templates))]
            made.append((Pattern(expression), [said or f"${place}" for place, said in enumerate(given, 1)]))
    return made


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {"UserAgent": user_agent}
