"""Checked fields of a load profile: what type, what range, and a message that names the field.

Only the standard library is used, since the supervisor of a simulation imports profiles and must stay lean: its memory
is what every simulated process starts from.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields
from typing import Any

from phoenix.loadsim.errors import ProfileInvalidError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)")
_SIZE_UNITS = {"B": 1, "kB": 1000, "KB": 1000, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def whole(low: int, high: int, default: int | None = None) -> Any:
    """Return a field that holds a whole number between `low` and `high`."""
    return _field(default, check=lambda value: _number(value, int, low, high))


def number(low: float, high: float, default: float | None = None) -> Any:
    """Return a field that holds a number between `low` and `high`; a whole one is taken as one."""
    return _field(default, check=lambda value: float(_number(value, (int, float), low, high)))


def size(high: int, default: int = 0) -> Any:
    """Return a field that holds bytes up to `high`: a whole number, or text such as 64MB or 1.5GiB."""
    return _field(default, check=lambda value: int(_number(_bytes(value), int, 0, high)))


def text(pattern: str, meaning: str, default: str | None = None) -> Any:
    """Return a field that holds text which `pattern` matches whole; `meaning` says so to people."""

    def check(value: object) -> str:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise ProfileInvalidError(f"expected {meaning}, got {value!r}")
        return value

    return _field(default, check=check)


def nested(kind: type[Any]) -> Mapping[str, Any]:
    """Return the metadata of a field that holds one `kind` or None; a mapping is turned into it."""

    def check(value: object) -> object:
        return value if value is None or isinstance(value, kind) else from_mapping(kind, value)

    return {"check": check}


def several(kind: type[Any] | None = None, *, high: int) -> Any:
    """Return a field that holds a tuple of `kind` (mappings are turned into it) or, without a kind, of texts."""

    def check(value: object) -> tuple[object, ...]:
        if not isinstance(value, list | tuple) or len(value) > high:
            raise ProfileInvalidError(f"expected a list of at most {high}, got {value!r}")
        return tuple(within(f"[{index}]", item, one) for index, item in enumerate(value))

    def one(item: object) -> object:
        if kind is not None:
            return item if isinstance(item, kind) else from_mapping(kind, item)
        if not isinstance(item, str) or "\0" in item:
            raise ProfileInvalidError(f"expected a text without NUL, got {item!r}")
        return item

    return field(default=(), metadata={"check": check})


def validate(instance: Any) -> None:
    """Check every field of a frozen dataclass and put the checked value in its place.

    Raises:
        ProfileInvalidError: the message and `details["field"]` name the field.
    """
    for declared in fields(instance):
        check = declared.metadata["check"]
        object.__setattr__(instance, declared.name, within(declared.name, getattr(instance, declared.name), check))


def from_mapping(kind: type[Any], data: object) -> Any:
    """Return a `kind` from keys and values as YAML and JSON give them.

    Raises:
        ProfileInvalidError: not a mapping, an unknown or missing key, or a value that its field refuses.
    """
    if not isinstance(data, Mapping):
        raise ProfileInvalidError(f"expected a mapping, got {data!r}")
    known: dict[str, Field[Any]] = {declared.name: declared for declared in fields(kind)}
    for key in data:
        if key not in known:
            raise ProfileInvalidError(f"{key}: unknown key; known are {', '.join(known)}", field=str(key))
    for name, declared in known.items():
        if name not in data and declared.default is MISSING:
            raise ProfileInvalidError(f"{name}: missing", field=name)
    return kind(**data)


def within(name: str, value: object, check: Any) -> Any:
    """Return `check(value)`; an error gets `name` in front of the field it names."""
    try:
        return check(value)
    except ProfileInvalidError as error:
        inner = error.details.get("field")
        message = error.message.removeprefix(f"{inner}: ") if inner else error.message
        path = name if not inner else f"{name}{inner}" if str(inner).startswith("[") else f"{name}.{inner}"
        raise ProfileInvalidError(f"{path}: {message}", field=path) from error


def _field(default: object, *, check: Any) -> Any:
    metadata = {"check": check}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def _number(value: object, kinds: Any, low: float, high: float) -> Any:
    wanted = "a whole number" if kinds is int else "a number"
    # bool is an int to Python, and `count: yes` is a slip to YAML.
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        raise ProfileInvalidError(f"expected {wanted} from {low:g} to {high:g}, got {value!r}")
    return value


def _bytes(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if match is None:
        raise ProfileInvalidError(f"expected a size such as 64MB, got {value!r}")
    return int(float(match[1]) * _SIZE_UNITS[match[2]])
