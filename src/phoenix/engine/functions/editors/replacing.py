"""Editors that replace text: replace_match and replace_pattern in one value, their kind with `all` in a map.

The optional function is a converter of one text; `engine.expressions` hands it over as a Python callable.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import map_of, string_of
from phoenix.engine.functions.editors.glob import compile_glob
from phoenix.engine.functions.text.patterns import Pattern, compile_pattern
from phoenix.engine.functions.text.template import apply_format
from phoenix.engine.values.value import Map, Value

Function = Callable[[str], Value]


def replace_match(
    target: Value,
    pattern: Value,
    replacement: Value,
    function: Function | None = None,
    replacement_format: Value = None,
) -> Value:
    """Return the replacement where the target is a text that a glob matches as a whole (func_replace_match.go).

    Raises:
        OttlRuntimeError: the pattern or the replacement is no text, or the function fails.
    """
    glob = compile_glob(string_of(pattern))
    new = _new_text(replacement, function, replacement_format)
    return new if isinstance(target, str) and glob.matches(target) else target


def replace_all_matches(
    target: Value,
    pattern: Value,
    replacement: Value,
    function: Function | None = None,
    replacement_format: Value = None,
) -> Map:
    """Return the map with the replacement for each text that a glob matches as a whole (func_replace_all_matches.go).

    Raises:
        OttlRuntimeError: the target is no map, the pattern or the replacement no text, or the function fails.
    """
    glob = compile_glob(string_of(pattern))
    held = map_of(target)
    new = _new_text(replacement, function, replacement_format)
    return Map.of((key, new if isinstance(value, str) and glob.matches(value) else value) for key, value in held)


def replace_pattern(
    target: Value,
    regex_pattern: Value,
    replacement: Value,
    function: Function | None = None,
    replacement_format: Value = None,
) -> Value:
    """Return the target, when it is text, with all that a regular expression finds replaced (func_replace_pattern.go).

    Raises:
        OttlRuntimeError: the pattern or the replacement is no text, or the function fails.
    """
    if target is None:
        return None
    template = string_of(replacement)
    if not isinstance(target, str):
        return target
    pattern = compile_pattern(string_of(regex_pattern))
    return _replaced(target, pattern, template, _formatted(function, replacement_format))


def replace_all_patterns(  # noqa: PLR0917 the arguments of the collector's function
    target: Value,
    mode: str,
    regex_pattern: Value,
    replacement: Value,
    function: Function | None = None,
    replacement_format: Value = None,
) -> Map:
    """Return the map with all that a regular expression finds in keys, or in texts, replaced.

    Follows func_replace_all_patterns.go. Where the function fails, a text stays as it is, and a pair whose key is
    looked at is lost.

    Raises:
        OttlRuntimeError: the target is no map, or the pattern or the replacement no text.
    """
    held = map_of(target)
    template = string_of(replacement)
    pattern = compile_pattern(string_of(regex_pattern))
    convert = _formatted(function, replacement_format)
    if mode == "value":
        return Map.of((key, _new_value(value, pattern, template, convert)) for key, value in held)
    pairs: dict[str, Value] = {}
    for key, value in held:
        try:
            pairs[_replaced(key, pattern, template, convert)] = value
        except OttlRuntimeError:
            continue
    return Map.of(pairs.items())


def _new_value(value: Value, pattern: Pattern, template: str, convert: Callable[[str], str] | None) -> Value:
    if not isinstance(value, str):
        return value
    try:
        return _replaced(value, pattern, template, convert)
    except OttlRuntimeError:
        return value


def _replaced(text: str, pattern: Pattern, template: str, convert: Callable[[str], str] | None) -> str:
    if not pattern.matches(text):
        return text
    if convert is None:
        return pattern.replace_all(text, template)
    return pattern.replace_each(text, template, convert)


def _new_text(replacement: Value, function: Function | None, replacement_format: Value) -> str:
    convert = _formatted(function, replacement_format)
    text = string_of(replacement)
    return text if convert is None else convert(text)


def _formatted(function: Function | None, replacement_format: Value) -> Callable[[str], str] | None:
    if function is None:
        # Without a function the collector does not look at the format.
        return None

    def convert(text: str) -> str:
        made = function(text)
        if not isinstance(made, str):
            raise OttlRuntimeError("the replacement value must be a string")
        return made if replacement_format is None else apply_format(string_of(replacement_format), made)

    return convert


EDITORS: Final[Mapping[str, Any]] = {
    "replace_match": replace_match,
    "replace_all_matches": replace_all_matches,
    "replace_pattern": replace_pattern,
    "replace_all_patterns": replace_all_patterns,
}
