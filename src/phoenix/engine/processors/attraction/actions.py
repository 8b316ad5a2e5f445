"""Reads a list of actions and refuses what NewAttrProc refuses (attraction.go of 0.160)."""

from functools import reduce
from typing import Any, Final

from phoenix.engine.functions.golang.numbers import wrap_int64
from phoenix.engine.processors.attraction import changes
from phoenix.engine.processors.attraction.changes import Change, Source
from phoenix.engine.processors.attraction.patterns import Pattern, read_pattern
from phoenix.engine.processors.settings import Settings
from phoenix.engine.values.value import Map, Value

_KEYS: Final = (
    "key",
    "value",
    "default_value",
    "pattern",
    "from_attribute",
    "from_context",
    "converted_type",
    "action",
)
_WRITING: Final = {"insert": changes.insert, "update": changes.update, "upsert": changes.upsert}
_SOURCES: Final = ("value", "from_attribute", "from_context")
# A replay has no client: its address is empty, and it brings no metadata.
_CLIENT_ADDRESS: Final = "client.address"


def read_actions(settings: Settings, key: str) -> Change:
    """Return what all actions of the list at `key` make of a map, one after the other.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    actions = settings.sections(key, *_KEYS)
    for action in actions:
        _check_types(action)
    if not actions:
        settings.refuse(f'missing required field "{key}"', key)
    steps = [_read(action) for action in actions]
    return lambda held: reduce(lambda before, step: step(before), steps, held)


def value_of(raw: Any) -> Value:
    """Return a value of the config as an attribute holds it (Value.FromRaw)."""
    match raw:
        case bool() | float() | str() | None:
            return raw
        case int():
            return wrap_int64(raw)
        case list():
            return tuple(map(value_of, raw))
        case _:
            return Map.of((name, value_of(held)) for name, held in raw.items())


def _check_types(action: Settings) -> None:
    # Decoding comes before everything else, also of options that the action has no use for.
    for option in _KEYS:
        if option not in ("value", "default_value"):
            action.string(option)


def _read(action: Settings) -> Change:
    kind, key = action.string("action").lower(), action.string("key")
    if not key and not (kind in ("delete", "hash") and action.string("pattern")):
        action.refuse('missing required field "key"', "key")
    match kind:
        case "insert" | "update" | "upsert":
            return _WRITING[kind](key, _source(action))
        case "delete" | "hash":
            _unused(action, "value", "from_attribute", "converted_type")
            pattern = read_pattern(action, text, "pattern") if (text := action.string("pattern")) else None
            return (changes.delete if kind == "delete" else changes.hash_values)(key, pattern)
        case "extract":
            _unused(action, *_SOURCES, "converted_type")
            return changes.extract(key, _extracting(action))
        case "convert":
            _unused(action, *_SOURCES, "pattern")
            if not action.string("converted_type"):
                action.refuse('missing required field "converted_type" for action "convert"', "converted_type")
            return changes.convert(key, action.word("converted_type", ("string", "int", "double")))
        case _:
            raise action.refused(f"unsupported action {kind!r}", "action")


def _given(action: Settings, option: str) -> bool:
    return action.raw(option) is not None if option == "value" else bool(action.string(option))


def _unused(action: Settings, *options: str) -> None:
    for option in options:
        if _given(action, option):
            action.refuse(f'action "{action.string("action")}" does not use "{option}"', option)


def _extracting(action: Settings) -> Pattern:
    if not (text := action.string("pattern")):
        action.refuse('missing required field "pattern" for action "extract"', "pattern")
    pattern = read_pattern(action, text, "pattern")
    if not pattern.names or "" in pattern.group_names[1:]:
        action.refuse('"pattern" must have groups, and each needs a name', "pattern")
    return pattern


def _source(action: Settings) -> Source:
    default = action.raw("default_value")
    given = [option for option in _SOURCES if _given(action, option)]
    if not given and default is None:
        action.refuse('one of "value", "from_attribute", "from_context" and "default_value" must be given', "action")
    if len(given) > 1:
        action.refuse(f'only one of "{given[0]}" and "{given[1]}" may be given', given[1])
    _unused(action, "pattern", "converted_type")
    if action.raw("value") is not None:
        constant = [value_of(action.raw("value"))]
    elif action.string("from_context") == _CLIENT_ADDRESS:
        constant = [""]
    else:
        constant = [] if default is None else [value_of(default)]
    attribute = action.string("from_attribute")
    return lambda held: [held.get(attribute)] if attribute and attribute in held else constant
