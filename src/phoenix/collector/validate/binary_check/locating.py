"""From the paths and words of the binary's messages to paths of the user's config."""

import re
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath

_QUOTED: Final = re.compile(r"\"([^\"]+)\"|`([^`]+)`|'([^']+)'")
_FIELD: Final = re.compile(r"\bfield (?P<field>\S+) not found|in \"(?P<id>[^\"]+)\" id:")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{2,}")


def value_at(document: ConfigDocument, path: ConfigPath) -> Any:
    """Return the value at `path`, or None."""
    value: Any = document.data
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def follow(document: ConfigDocument, path: ConfigPath, text: str) -> tuple[ConfigPath, str]:
    """Return the path that `a::b::c: rest` names as far as the config has it, and the rest.

    Keys may hold colons themselves, so the longest key that fits is taken.
    """
    value = value_at(document, path)
    while True:
        names = [str(key) for key in value] if isinstance(value, dict) else []
        names += [str(index) for index in range(len(value))] if isinstance(value, list) else []
        fits = [name for name in names if text.startswith((f"{name}::", f"{name}: "))]
        if not fits:
            return path, _without_path(text)
        name = max(fits, key=len)
        ends = text.startswith(f"{name}: ")
        text = text[len(name) + 2 :]
        path = (*path, int(name) if isinstance(value, list) else name)
        value = value_at(document, path)
        if ends and not isinstance(value, (dict, list)):
            return path, text


def _without_path(text: str) -> str:
    """Return a message without the steps that the config does not write out (defaults, Go's embedded fields)."""
    return re.sub(r"^(?:[\w/.-]+::)+(?=[\w/.-]+: )", "", text)


def named_key(document: ConfigDocument, path: ConfigPath, message: str) -> ConfigPath:
    """Return the path below `path` of the key that `field x not found` or `in "x" id` names; else `path`."""
    found = _FIELD.search(message)
    if found is None:
        return path
    key = found["field"] or found["id"]
    holding = value_at(document, path)
    if isinstance(holding, dict) and key in holding:
        return (*path, key)
    for at, _ in document.scalars():
        if at[: len(path)] == path and key in at[len(path) :]:
            return at[: at.index(key, len(path)) + 1]
    return path


def hint(document: ConfigDocument, path: ConfigPath, message: str) -> ConfigPath:
    """Return the path below `path` that a message speaks of: a value it quotes, else a key it names, else `path`."""
    below = [(at, scalar.value) for at, scalar in document.scalars() if at[: len(path)] == path and len(at) > len(path)]
    quoted = [next(filter(None, found)) for found in _QUOTED.findall(message)]
    last = message.rsplit(": ", 1)[-1].strip()
    for word in (*reversed(quoted), last):
        for at, value in below:
            if str(value) == word:
                return at
    value = value_at(document, path)
    keys = {str(key) for key in value} if isinstance(value, dict) else set()
    named = next((word for word in _WORD.findall(message) if word in keys), None)
    return (*path, named) if named else path
