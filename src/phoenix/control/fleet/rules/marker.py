"""Which revision a collector runs, read from the config that it says it runs.

That text is expanded, sorted, without comments and redacted (facts, trap 7): only the marker in it is looked at, never
the text, and only where composing puts it, so that a user's own data can hold what it likes. Hosts with one config say
the same there, so the answers for the last texts are kept.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import yaml

from phoenix.collector.compose.telemetry import REVISION_KEY
from phoenix.core.ids import RevisionId

_KEPT_CHARACTERS: Final = 16_384
# The section of a config that is written in blocks, as collectors write theirs; it is a small part of the text.
_SERVICE: Final = re.compile(r"^service:\s*\n(?:[ \t#].*\n|\n)*", re.MULTILINE)


def revision_of(effective: str) -> RevisionId | None:
    r"""Return the marker in an effective config; None when there is none, or the text cannot be read.

    >>> revision_of("service:\n  telemetry:\n    resource:\n      phoenix.revision: rev-1\n")
    'rev-1'
    """
    if REVISION_KEY not in effective:
        return None
    found = [*_SERVICE.finditer(effective if effective.endswith("\n") else f"{effective}\n")]
    for text in [match[0] for match in found] or [effective]:
        if (revision := _in(text)) is not None:
            return revision
    return None


def _in(text: str) -> RevisionId | None:
    # Only short texts are kept: an agent may say what it likes.
    return _kept(text) if len(text) <= _KEPT_CHARACTERS else _read(text)


@lru_cache(maxsize=256)
def _kept(text: str) -> RevisionId | None:
    return _read(text)


def _read(text: str) -> RevisionId | None:
    try:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    resource = _below(data, "service", "telemetry", "resource")
    return next((RevisionId(value) for key, value in _attributes(resource) if key == REVISION_KEY and value), None)


def _below(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _attributes(resource: Any) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a resource, which may be a mapping or a list of names with values."""
    if not isinstance(resource, Mapping):
        return
    yield from ((str(key), str(value)) for key, value in resource.items() if isinstance(value, str))
    listed = resource.get("attributes")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("value"), str):
            yield str(item.get("name")), str(item["value"])
