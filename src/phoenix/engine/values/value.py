"""Values as OTTL knows them: those of an attribute (pcommon.Value), and times and durations.

    nil, empty      None
    bool            bool
    int             int, within int64
    double          float
    string          str; bytes that are no UTF-8 stand as lone surrogates ("surrogateescape")
    bytes           bytes
    slice           tuple of values; engine/values/lists.py tells Go's own slices from pcommon.Slice
    map             Map
    time.Time       Time
    time.Duration   Duration
    TraceID, ...    Id
    ExemplarSlice   Pdata, as of other parts of points

Python calls 1, 1.0 and True equal; the collector does not. Wherever values are compared or looked up, `identity` of
them is.
"""

import struct
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self, Union

from phoenix.engine.values.ids import Id
from phoenix.engine.values.pdata import Pdata

Value = Union[None, bool, int, float, str, bytes, tuple["Value", ...], "Map", "Time", "Duration", Id, Pdata]


@dataclass(frozen=True, slots=True)
class Map:
    """pcommon.Map: pairs in the order written. A key may stand twice; who asks for it gets the first."""

    pairs: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Value]]) -> Self:
        """Return the map of these pairs, all of them, in their order."""
        return cls(tuple(pairs))

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.pairs)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.pairs)

    def get(self, key: str) -> Value:
        """Return the first value of `key`; None when there is none, which a nil value looks like too (Map.Get)."""
        return next((value for name, value in self.pairs if name == key), None)

    def put(self, key: str, value: Value) -> Self:
        """Return this map with the first `key` holding `value`; at the end when it is new (Map.Put...)."""
        for index, (name, _) in enumerate(self.pairs):
            if name == key:
                return type(self)((*self.pairs[:index], (key, value), *self.pairs[index + 1 :]))
        return type(self)((*self.pairs, (key, value)))

    def without(self, key: str) -> Self:
        """Return this map without the first `key`; the last pair takes its place (Map.Remove)."""
        for index, (name, _) in enumerate(self.pairs):
            if name == key:
                moved = self.pairs[-1:] if index + 1 < len(self.pairs) else ()
                return type(self)((*self.pairs[:index], *moved, *self.pairs[index + 1 : -1]))
        return self


@dataclass(frozen=True, slots=True)
class Time:
    """time.Time.

    Attributes:
        ns: nanoseconds since 1970, any sign.
        zone: name of the time zone it is shown in, "UTC" mostly, or an offset such as "+02:00".
    """

    ns: int
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Duration:
    """time.Duration in nanoseconds, within int64."""

    ns: int


def identity(value: Value) -> Hashable:
    """Return a key that is equal exactly for values of the same type and bits; maps keep their order."""
    match value:
        case bool() | str() | bytes() | None:
            return (type(value).__name__, value)
        case int():
            return value
        case float():
            return ("float", struct.pack("<d", value))
        case tuple():
            return (type(value).__name__, tuple(map(identity, value)))
        case Map():
            return ("map", tuple((key, identity(held)) for key, held in value.pairs))
        case _:
            return value
