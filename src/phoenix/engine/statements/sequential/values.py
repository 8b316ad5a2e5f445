"""Values between columns and the kernel: a tag and 64 bits each, and what the bits of a tag stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Failed, Meaning
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.coding import Coder
from phoenix.engine.expressions.rows import is_uniform
from phoenix.engine.kernels.statement_values_kernel import (
    ABSENT,
    BOOL,
    DOUBLE,
    DURATION,
    EMPTY_BYTES,
    FAILED,
    INT,
    MAP,
    NIL,
    OTHER,
    REASONS,
    TEXT,
    TIME,
    Maps,
    grown,
)
from phoenix.engine.scalar.assignment import assign_within
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Duration, Map, Time, Value

_ROOM: Final = 4096
_MEANINGS: Final = {Meaning.TIME: TIME, Meaning.DURATION: DURATION}


@dataclass(slots=True)
class Values:
    """All values that a program can meet.

    Texts must all be known before any is turned into bits, since bits are ranks: `see` first, then `seal`.
    """

    reasons: list[str] = field(default_factory=lambda: list(REASONS))
    others: Coder = field(default_factory=Coder)
    _entries: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    _firsts: list[int] = field(default_factory=list)
    _texts: set[str] = field(default_factory=set)
    _ranks: dict[str, int] = field(default_factory=dict)
    _ranked: list[str] = field(default_factory=list)

    def see(self, values: Sequence[Value | Failed]) -> None:
        """Take note of the texts among values."""
        for value in values:
            if isinstance(value, str):
                self._texts.add(value)
            elif isinstance(value, Map):
                self.see([part for pair in value for part in pair])

    def seal(self) -> None:
        """Give every text its rank."""
        self._ranked = sorted(self._texts, key=write_text)
        self._ranks = {text: rank for rank, text in enumerate(self._ranked)}
        # Row 0 of the outside table is nil to its coder; to the kernel it is empty bytes.
        self.others.values[EMPTY_BYTES] = b""

    def encode(self, value: Value | Failed) -> tuple[int, int]:
        """Return the tag and the bits of a value."""
        match value:
            case None:
                return NIL, 0
            case bool():
                return BOOL, int(value)
            case int():
                return INT, value
            case float():
                return DOUBLE, int(np.float64(value).view(np.int64))
            case str():
                return TEXT, self._ranks[value]
            case Failed():
                self.reasons.append(value.why)
                return FAILED, len(self.reasons) - 1
            case Time() if -(1 << 63) <= value.ns < 1 << 63 and value.zone == "UTC":
                return TIME, value.ns
            case Duration():
                return DURATION, value.ns
            case Map():
                return MAP, self._map(value)
            case _:
                return OTHER, EMPTY_BYTES if value == b"" else self.others.code(value)

    def encode_column(self, column: Column) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the tags and the bits of a column, row by row."""
        if isinstance(column, Coded):
            tags, bits = self.encode_all(column.values)
            if len(column.values) == 1:
                size = len(column.codes)
                return np.full(size, tags[0]), np.full(size, bits[0])
            return tags[column.codes], bits[column.codes]
        tag = _MEANINGS.get(column.meaning)
        if tag is not None:
            found = np.full(len(column.bits), tag, dtype=np.uint8)
        elif is_uniform(column.is_int):
            found = np.full(len(column.bits), INT if column.is_int[0] else DOUBLE, dtype=np.uint8)
        else:
            found = np.where(column.is_int, INT, DOUBLE).astype(np.uint8)
        if column.other is None:
            return found, column.bits
        tags, bits = self.encode_all([*column.others, None])
        return np.where(column.other < 0, found, tags[column.other]), np.where(
            column.other < 0, column.bits, bits[column.other]
        )

    def encode_all(self, values: Sequence[Value | Failed]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the tags and the bits of values."""
        pairs = [self.encode(value) for value in values]
        return (
            np.array([tag for tag, _ in pairs], dtype=np.uint8),
            np.array([bits for _, bits in pairs], dtype=np.int64),
        )

    def decode(self, tag: int, bits: int, maps: Maps) -> Value:
        """Return the value of a tag and bits, after a run that left these maps."""
        if tag == MAP:
            return self._unmapped(bits, maps)
        if tag == DOUBLE:
            return float(np.int64(bits).view(np.float64))
        if tag == OTHER:
            held = self.others.values[bits]
            assert not isinstance(held, Failed)  # noqa: S101 failures have a tag of their own
            return held
        return {NIL: None, ABSENT: None, BOOL: bool(bits), INT: bits, TEXT: self._text(tag, bits)}[tag]

    def maps(self) -> Maps:
        """Return the maps among the values; no setter may change one in place, so each has a holder too many."""
        owner, key, tag, bits, following = np.array(self._entries, dtype=np.int64).reshape(-1, 5).T.copy()
        counts = np.array([len(self._firsts), len(self._entries)], dtype=np.int64)
        firsts, holders = np.array(self._firsts, dtype=np.int64), np.ones(len(self._firsts), dtype=np.int64)
        held = Maps(counts, holders, firsts, owner, key, tag, bits, following, np.zeros(0, dtype=np.int64))
        return grown(held, len(self._entries) + len(self._firsts) + _ROOM)

    def settable(self) -> NDArray[np.bool_]:
        """Return which of the other values an attribute can hold."""
        return np.array([assign_within(Map(), [""], value)[1] is None for value in self._plain_others()])

    def _plain_others(self) -> list[Value]:
        return [value for value in self.others.values if not isinstance(value, Failed)]

    def _text(self, tag: int, bits: int) -> str:
        return self._ranked[bits] if tag == TEXT else ""

    def _map(self, value: Map) -> int:
        if len({key for key, _ in value}) < len(value):
            raise NotColumnarError("a map with a key that stands twice, among values that rows hand on")
        pairs = [(self._ranks[key], *self.encode(held)) for key, held in value]
        made, last = len(self._firsts), -1
        for key, tag, bits in pairs:
            self._entries.append((made, key, tag, bits, last))
            last = len(self._entries) - 1
        self._firsts.append(last)
        return made

    def _unmapped(self, handle: int, maps: Maps) -> Map:
        pairs = []
        entry = int(maps.first[handle])
        while entry >= 0:
            held = self.decode(int(maps.tag[entry]), int(maps.bits[entry]), maps)
            pairs.append((self._ranked[int(maps.key[entry])], held))
            entry = int(maps.next[entry])
        return Map.of(reversed(pairs))
