"""Types of settings as people write them: durations with a unit, lists with commas, secrets that print as stars."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, SecretStr
from pydantic_settings import NoDecode

from phoenix.core.errors import InvalidError
from phoenix.core.units import format_duration, parse_duration


@dataclass(frozen=True, slots=True)
class Written:
    """How people write values of a type; the reference page reads it."""

    how: str


# Prints as stars wherever it is shown; the value is only had by asking for it (`get_secret_value`).
Secret = SecretStr


def _seconds(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except InvalidError as error:
        raise ValueError(f"{error.message}; write a number and a unit, such as 500ms, 60s or 5m") from error


def _items(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"a list in brackets must be JSON: {error.msg} at character {error.pos + 1}") from error
    return [item.strip() for item in value.split(",") if item.strip()]


def _home(value: object) -> object:
    return Path(value).expanduser() if isinstance(value, str) else value


# Seconds inside; a number with a unit outside (`60s`, `1m30s`), in Go's notation as in a collector config.
Duration = Annotated[
    float,
    BeforeValidator(_seconds),
    PlainSerializer(format_duration, return_type=str),
    Written("a duration: 500ms, 60s, 1m30s"),
]
# In a file a list; in a variable a comma between the items, or a JSON list when an item holds a comma.
Texts = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(_items),
    Written("a list; in a variable with commas between, or as JSON"),
]
# `~` is the home folder; a relative path is taken from the working directory.
UserPath = Annotated[Path, BeforeValidator(_home), Written("a path; `~` is the home folder")]
