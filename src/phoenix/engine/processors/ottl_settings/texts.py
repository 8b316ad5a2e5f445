"""OTTL in the settings of filter and transform: read with the place of what is wrong, and the error modes."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, UnsupportedComponentError
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.statements.group import ErrorMode
from phoenix.ottl.errors import OttlError, OttlNotDoneError

T = TypeVar("T")

CONTEXTS: Final = ("resource", "scope", "span", "spanevent", "metric", "datapoint", "exemplar", "log", "profile")


def read_texts(settings: Settings, texts: Sequence[tuple[str | int, ...]], read: Callable[[], T]) -> T:
    """Return what `read` makes of OTTL in the settings.

    Args:
        settings: where the texts stand.
        texts: the path below the settings of each text that `read` reads, in its order.
        read: raises `OttlError`, whose `index` says which text.

    Raises:
        ConfigRefusedError: the collector refuses a text, too.
        UnsupportedComponentError: it does not, and Phoenix cannot do what it says.
    """
    try:
        return read()
    except OttlError as error:
        path = texts[error.index] if error.index < len(texts) else ()
        raise ottl_refusal(settings, path, error) from error


def ottl_refusal(
    settings: Settings, path: Sequence[str | int], error: OttlError
) -> ConfigRefusedError | UnsupportedComponentError:
    """Return the refusal of one text, at the character that is wrong."""
    config = settings.config
    if isinstance(error, OttlNotDoneError):
        return settings.unsupported(str(error.details.get("feature", error.message)), *path)
    place = str(config.document.locate_within(config.path(*settings.path, *path), error.offset))
    reason = f"{'.'.join(map(str, (*settings.path, *path)))}: {error.message}"
    return ConfigRefusedError(f"{place}: {config.name}: {reason}", place=place, reason=reason)


def read_error_mode(settings: Settings, default: ErrorMode) -> ErrorMode:
    """Return the `error_mode` of a mapping.

    Raises:
        ConfigRefusedError: it is none.
    """
    if "error_mode" not in settings:
        return default
    named = settings.string("error_mode").lower()
    if named not in set(ErrorMode):
        raise settings.refused(f"unknown error mode {named}", "error_mode", choices=list(ErrorMode))
    return ErrorMode(named)


def split_styles(settings: Settings, key: str, item: str) -> list[tuple[str | int, ...] | Settings]:
    """Return the items of a list that holds texts or mappings: the path of each text, the settings of each mapping.

    Args:
        settings: where the list stands.
        key: of the list.
        item: the key that a mapping has its texts at; only those that transform and filter know may stand in one.

    Raises:
        ConfigRefusedError: it is no list, an item is null, or a mapping stands behind a text.
    """
    given: Any = settings.raw(key)
    if key not in settings:
        return []
    if not isinstance(given, list):
        settings.refuse(f"invalid {key} type, expected: array", key)
    found: list[tuple[str | int, ...] | Settings] = []
    for index, value in enumerate(given):
        if value is None:
            settings.refuse(f"{key}: empty items are not supported", key, index)
        if isinstance(value, str):
            found.append((key, index))
            continue
        if found and isinstance(found[-1], tuple):
            settings.refuse(f"{key}: configuring multiple configuration styles is not supported", key, index)
        if not isinstance(value, dict):
            settings.refuse(f"{key} wants texts or mappings", key, index)
        keys = (
            "context",
            "conditions",
            "error_mode",
            *(("statements", "shared_cache") if item == "statements" else ()),
        )
        found.append(Settings(settings.config, (*settings.path, key, index), value).only(keys))
    return found


def read_context(settings: Settings) -> str:
    """Return the `context` of a mapping, "" when none is named.

    Raises:
        ConfigRefusedError: there is no such context.
    """
    named = settings.string("context").lower()
    if named and named not in CONTEXTS:
        raise settings.refused(f"unknown context {named}", "context", choices=list(CONTEXTS))
    return named


def failed_evaluation(config: ProcessorConfig, request: int, why: str) -> EvaluationFailedError:
    """Return the error for a request that the collector answers with an error."""
    return EvaluationFailedError(
        f"{config.place()}: {config.name} answers an error for request {request}: {why}", request=request, output=why
    )
