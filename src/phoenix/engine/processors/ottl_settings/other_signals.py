"""What filter and transform are told about traces, logs and profiles: nothing to a metrics pipeline, but checked.

The collector checks all of it at start. The grammar of OTTL is one for all signals and is checked here; whether paths
and functions of the other signals exist is not known here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.processors.ottl_settings.texts import ottl_refusal, read_context, read_error_mode, split_styles
from phoenix.engine.processors.settings import Settings
from phoenix.engine.statements.group import ErrorMode
from phoenix.ottl.errors import OttlError, OttlNotDoneError
from phoenix.ottl.grammar.parser import parse_condition, parse_statement

_LEGACY: Final = ("include", "exclude")
_SECTIONS: Final[Mapping[str, Sequence[str]]] = {
    "spans": (),
    "logs": ("resource", "log_record"),
    "traces": ("resource", "span", "spanevent"),
    "profiles": ("resource", "profile"),
}
_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {"statements": parse_statement, "conditions": parse_condition}


def check_others(settings: Settings, keys: Sequence[str]) -> None:
    """Refuse settings for other signals that have a wrong shape, and OTTL of theirs that does not parse.

    Raises:
        ConfigRefusedError: so it is.
    """
    for key in keys:
        _check_shape(settings, key)
        kind = "statements" if key.endswith("_statements") else "conditions"
        for path, text, parse in _texts(settings.raw(key), (key,), _PARSERS[kind], in_list=key.endswith(kind)):
            try:
                parse(text)
            except OttlNotDoneError:
                continue
            except OttlError as error:
                raise ottl_refusal(settings, path, error) from error


def _check_shape(settings: Settings, key: str) -> None:
    if key in _SECTIONS:
        section = settings.section(key, *_LEGACY, *_SECTIONS[key])
        for name in _SECTIONS[key]:
            section.strings(name)
        return
    kind = "statements" if key.endswith("_statements") else "conditions"
    for item in split_styles(settings, key, kind):
        if isinstance(item, Settings):
            read_context(item)
            read_error_mode(item, ErrorMode.IGNORE)
            item.strings(kind)
            item.strings("conditions")


def _texts(
    held: Any, path: tuple[str | int, ...], parse: Callable[[str], object], *, in_list: bool
) -> Iterator[tuple[tuple[str | int, ...], str, Callable[[str], object]]]:
    # Legacy include and exclude have no OTTL below them.
    if isinstance(held, str) and in_list:
        yield path, held, parse
    elif isinstance(held, str):
        # One text for a list is cut at its commas.
        yield from ((path, part, parse) for part in held.split(",") if held)
    elif isinstance(held, list):
        for index, item in enumerate(held):
            yield from _texts(item, (*path, index), parse, in_list=True)
    elif isinstance(held, Mapping):
        for key, item in held.items():
            if key not in ("include", "exclude", "context", "error_mode", "regexp"):
                yield from _texts(item, (*path, key), _PARSERS.get(key, parse), in_list=False)
