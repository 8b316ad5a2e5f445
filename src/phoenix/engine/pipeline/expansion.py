"""`${env:NAME}` in settings, replaced as the collector of a replay replaces it.

The rules are those of confmap 1.66 (expand.go, provider.go, resolver.go) with the env and the yaml provider, which are
the two that the harness has; whatever else a config asks for, such as `${file:...}`, no collector of a replay can give.
"""

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config import nodes
from phoenix.collector.config.errors import ConfigSyntaxError

_URI: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?P<opaque>.*)", re.DOTALL)
_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MOST_EXPANSIONS: Final = 1000
_LARGEST_INTEGER: Final = 2**63 - 1
# math.NaN() of Go, which YAML's .nan is to it; Python's has other bits.
(_GO_NAN,) = struct.unpack("<d", (0x7FF8000000000001).to_bytes(8, "little"))


class ExpansionError(ValueError):
    """The collector cannot expand a value either; the text says why."""


@dataclass(frozen=True, slots=True)
class _Expanded:
    # A value that is no text, and the text it was read from: which of the two counts, the field that takes it decides.
    value: Any
    original: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings without `${...}`.

    Attributes:
        values: plain dicts, lists and scalars.
        ambiguous: something in them was read from a variable and is no text: a field of text takes the text it was
            read from, any other the value, and only `values` stands here.
    """

    values: Any
    ambiguous: bool


def expand(settings: Any, environment: Mapping[str, str]) -> Settings:
    """Return settings with every `${...}` replaced.

    Args:
        settings: a value of the config.
        environment: all variables that are set.

    Raises:
        ExpansionError: the collector refuses it.
    """
    value = settings
    for _ in range(_MOST_EXPANSIONS):
        value, changed = _step(value, environment)
        if not changed:
            return Settings(_plain(value), _ambiguous(value))
    raise ExpansionError("too many recursive expansions")


def _step(value: Any, environment: Mapping[str, str]) -> tuple[Any, bool]:
    # One round over all of a value: each text has one of its URIs replaced.
    match value:
        case _Expanded():
            return _step_expanded(value, environment)
        case str():
            return _step_text(value, environment) if "${" in value and "}" in value else (value, False)
        case list():
            items = [_step(item, environment) for item in value]
            return [item for item, _ in items], any(changed for _, changed in items)
        case Mapping():
            pairs = {key: _step(item, environment) for key, item in value.items()}
            return {key: item for key, (item, _) in pairs.items()}, any(changed for _, changed in pairs.values())
        case _:
            return value, False


def _step_expanded(held: _Expanded, environment: Mapping[str, str]) -> tuple[Any, bool]:
    expanded, changed = _step(held.value, environment)
    if isinstance(expanded, _Expanded | str):
        return expanded, changed
    try:
        original, original_changed = _step(held.original, environment)
    except ExpansionError:
        return expanded, changed
    if isinstance(original, str):
        return _Expanded(expanded, original), changed or original_changed
    return expanded, changed


def _step_text(text: str, environment: Mapping[str, str]) -> tuple[Any, bool]:
    uri = _find(text)
    if uri is None:
        return text, False
    value, original = _retrieve(uri[2:-1], environment)
    if uri == text:
        return (value if isinstance(value, str) else _Expanded(value, original)), True
    return text.replace(uri, original), True


def _find(text: str) -> str | None:
    # The first innermost URI; one behind an odd number of $ ends the search, whatever comes after it.
    begin = 0
    while (close := text.find("}", begin)) >= 0:
        opened = text.rfind("${", begin, close + 1)
        if opened >= 0:
            before = text[begin:opened]
            dollars = len(before) - len(before.rstrip("$"))
            return None if dollars % 2 else text[opened : close + 1]
        begin = close + 1
    return None


def _retrieve(uri: str, environment: Mapping[str, str]) -> tuple[Any, str]:
    found = _URI.fullmatch(uri if ":" in uri else f"env:{uri}")
    if found is None:
        raise ExpansionError(f"invalid uri: {uri!r}")
    scheme, opaque = found["scheme"], found["opaque"]
    if "$" in opaque:
        raise ExpansionError(f"the uri {uri!r} contains unsupported characters ('$')")
    if scheme == "yaml":
        return _read(opaque)
    if scheme != "env":
        raise ExpansionError(f"scheme {scheme!r} is not supported for uri {uri!r}")
    name, given, default = opaque.partition(":-")
    if not _NAME.fullmatch(name):
        raise ExpansionError(f"environment variable {name!r} has invalid name")
    if name not in environment and given and not default:
        return "", ""
    return _read(environment.get(name, default))


def _read(text: str) -> tuple[Any, str]:
    # What YAML makes of a text; a string stays as it is written, quotes included.
    try:
        root = nodes.compose(text, "value")
    except ConfigSyntaxError:
        return text, text
    value = None if root is None else nodes.plain_data(root)
    if isinstance(value, int) and value > _LARGEST_INTEGER:
        raise ExpansionError(f"unsupported type for retrieved config: {text}")
    return (text if isinstance(value, str) else value), text


def _plain(value: Any) -> Any:
    match value:
        case _Expanded():
            return _plain(value.value)
        case str():
            return value.replace("$$", "$")
        case list():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case float() if math.isnan(value):
            return _GO_NAN
        case _:
            return value


def _ambiguous(value: Any) -> bool:
    match value:
        case _Expanded():
            return True
        case list():
            return any(map(_ambiguous, value))
        case Mapping():
            return any(map(_ambiguous, value.values()))
        case _:
            return False
