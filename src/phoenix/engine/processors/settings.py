"""Reads the settings of a processor as the collector's decoder does, and refuses what it refuses, with the place.

The decoder (confmap 1.66 over mapstructure) does not guess: a number is no string and "1" is no number. It does allow a
float for an integer (cut off), an integer for a float, one string with commas for a list of strings, and null, which is
the zero value for a single value and the default for lists, mappings and sections.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Self, TypeVar

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.processors.registry import ProcessorConfig

T = TypeVar("T")

_UNITS: Final = {
    "ns": 1,
    **dict.fromkeys(("us", "µs", "μs"), 10**3),
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")
_INT64: Final = 1 << 63


@dataclass(frozen=True, slots=True)
class Settings:
    """A mapping in the settings of one processor.

    Attributes:
        config: the processor it belongs to.
        path: where it stands below the processor.
        values: the mapping.
    """

    config: ProcessorConfig
    path: tuple[str | int, ...]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, config: ProcessorConfig, *keys: str) -> Self:
        """Return all settings of a processor; only `keys` may stand in them."""
        return cls(config, (), config.settings).only(keys)

    def only(self, keys: Sequence[str]) -> Self:
        """Return these settings, when no key but `keys` stands in them."""
        unknown = sorted(str(key) for key in self.values if key not in keys)
        if unknown:
            reason = f"has invalid keys: {', '.join(unknown)}"
            where = list(self.config.path(*self.path))
            raise self.refused(reason, unknown[0], unknown=unknown, known=list(keys), where=where)
        return self

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def string(self, key: str, default: str = "") -> str:
        """Return a string.

        Raises:
            ConfigRefusedError: what stands there is none; so for every method that reads.
        """
        return self._scalar(key, default, "", self._string)

    def integer(self, key: str, default: int = 0) -> int:
        """Return an integer; a float is cut off."""
        return self._scalar(key, default, 0, self._integer)

    def unsigned(self, key: str, default: int = 0) -> int:
        """Return an integer that is not negative."""
        value = self.integer(key, default)
        if value < 0 or (isinstance(given := self.values.get(key), float) and given < 0):
            self.refuse(f"{key} cannot be negative: {value}", key)
        return value

    def uint32(self, key: str, default: int = 0) -> int:
        """Return an integer that is not negative, of which 32 bits count."""
        return self.unsigned(key, default) & 0xFFFFFFFF

    def number(self, key: str, default: float = 0.0) -> float:
        """Return a float."""
        return self._scalar(key, default, 0.0, self._number)

    def boolean(self, key: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        return self._scalar(key, default, False, self._boolean)  # noqa: FBT003 the zero value

    def duration(self, key: str, default: int = 0) -> int:
        """Return a duration in nanoseconds; a bare number counts them."""
        return self._scalar(key, default, 0, self._duration)

    def word(self, key: str, words: Sequence[str], default: str = "") -> str:
        """Return a string that is one of `words`; the default may be another."""
        value = self.string(key, default)
        if value not in words and value != default:
            raise self.refused(f"{key} must be one of {', '.join(words)}: {value!r}", key, choices=list(words))
        return value

    def strings(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Return a list of strings; a single one is cut at its commas."""
        given = self.values.get(key)
        if isinstance(given, str):
            return tuple(given.split(",")) if given else ()
        if given is None:
            return tuple(default)
        return tuple(self._item(key, index, item) for index, item in enumerate(self._list(key, given)))

    def numbers(self, key: str, default: Sequence[float] = ()) -> tuple[float, ...]:
        """Return a list of floats."""
        given = self.values.get(key)
        if given is None:
            return tuple(default)
        return tuple(
            0.0 if item is None else self._number(f"{key}[{index}]", item, key, index)
            for index, item in enumerate(self._list(key, given))
        )

    def pairs(self, key: str) -> dict[str, str]:
        """Return a mapping of strings to strings."""
        given = self._mapping(key)
        return {name: "" if value is None else self._string(name, value, key, name) for name, value in given.items()}

    def raw(self, key: str) -> Any:
        """Return what stands there, whatever it is."""
        return self.values.get(key)

    def section(self, key: str, *keys: str) -> Self:
        """Return the mapping at `key`, in which only `keys` may stand; empty when there is none."""
        return type(self)(self.config, (*self.path, key), self._mapping(key)).only(keys)

    def sections(self, key: str, *keys: str) -> list[Self]:
        """Return the mappings of a list; an item that is null is an empty one."""
        given = self.values.get(key)
        found = []
        for index, item in enumerate(self._list(key, given) if given is not None else ()):
            if item is not None and not isinstance(item, Mapping):
                self._wrong(key, "mappings", item, key, index)
            found.append(type(self)(self.config, (*self.path, key, index), item or {}).only(keys))
        return found

    def refused(self, reason: str, *path: str | int, **details: Any) -> ConfigRefusedError:
        """Return the error for what the collector does not accept either, at a place below this mapping."""
        return self.config.refused(reason, *self.path, *path, **details)

    def refuse(self, reason: str, *path: str | int) -> NoReturn:
        """Raise what `refused` returns."""
        raise self.refused(reason, *path)

    def _wrong(self, name: str, wanted: str, value: Any, *path: str | int) -> NoReturn:
        raise self.refused(f"{name} wants {wanted}, not {_said(value)}", *path, wanted=wanted)

    def unsupported(self, what: str, *path: str | int) -> UnsupportedComponentError:
        """Return the refusal of something that is not done in columns, at a place below this mapping."""
        return self.config.unsupported(what, *self.path, *path)

    def _scalar(self, key: str, default: T, zero: T, read: Callable[..., T]) -> T:
        if key not in self.values:
            return default
        value = self.values[key]
        return zero if value is None else read(key, value, key)

    def _string(self, name: str, value: Any, *path: str | int) -> str:
        if not isinstance(value, str):
            self._wrong(name, "a string", value, *path)
        return value

    def _integer(self, name: str, value: Any, *path: str | int) -> int:
        if isinstance(value, float) and math.isfinite(value):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(name, "a whole number", value, *path)
        return value

    def _number(self, name: str, value: Any, *path: str | int) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(name, "a number", value, *path)
        return float(value)

    def _boolean(self, name: str, value: Any, *path: str | int) -> bool:
        if not isinstance(value, bool):
            self._wrong(name, "true or false", value, *path)
        return value

    def _duration(self, name: str, value: Any, *path: str | int) -> int:
        if not isinstance(value, str):
            return self._integer(name, value, *path)
        read = duration_ns(value)
        if read is None:
            self._wrong(name, "a duration such as 1m30s", value, *path)
        return read

    def _item(self, key: str, index: int, item: Any) -> str:
        return "" if item is None else self._string(f"{key}[{index}]", item, key, index)

    def _list(self, key: str, given: Any) -> list[Any]:
        if not isinstance(given, list):
            self._wrong(key, "a list", given, key)
        return given

    def _mapping(self, key: str) -> Mapping[str, Any]:
        given = self.values.get(key)
        if given is not None and not isinstance(given, Mapping):
            self._wrong(key, "a mapping", given, key)
        return given or {}


def duration_ns(text: str) -> int | None:
    """Return nanoseconds for a duration in Go's words (time.ParseDuration); None when it is none.

    >>> duration_ns("1m30s"), duration_ns("-1.5ms"), duration_ns("0"), duration_ns("1")
    (90000000000, -1500000, 0, None)
    """
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    parts = list(_parts(body))
    if not parts or None in parts:
        return None
    total = sum(part for part in parts if part is not None)
    negative = text.startswith("-")
    if total > (_INT64 if negative else _INT64 - 1):
        return None
    return -total if negative else total


def _parts(body: str) -> Iterator[int | None]:
    at = 0
    while at < len(body):
        found = _PART.match(body, at)
        if found is None or found[3] not in _UNITS or not (found[1] or found[2]):
            yield None
            return
        unit, fraction = _UNITS[found[3]], found[2] or ""
        # Digits that no uint64 holds are left out; the rest is a product of doubles, as in Go.
        while int(fraction or 0) > _INT64:
            fraction = fraction[:-1]
        yield int(found[1] or 0) * unit + int(float(int(fraction or 0)) * (unit / float(10 ** len(fraction))))
        at = found.end()


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"{str(value).lower() if isinstance(value, bool) else value!r}"
