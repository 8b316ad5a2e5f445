"""Arrays of numbers: how columns become them, and where two columns of numbers meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Column, Failed, Meaning, Numbers, Space
from phoenix.engine.expressions.rows import Rows, is_uniform, uniform
from phoenix.engine.frame import Mask
from phoenix.engine.scalar.arithmetic import wrap
from phoenix.engine.values.value import Duration, Time, Value


def as_numbers(column: Column, meaning: Meaning = Meaning.NUMBER, *, wraps: bool = False) -> Numbers:
    """Return a column as one of numbers, in the same space; what is no such number is among the others.

    Args:
        column: any.
        meaning: what numbers are asked for.
        wraps: times that no int64 holds are numbers too, as time.Time.UnixNano wraps them.
    """
    if isinstance(column, Numbers):
        if column.meaning is meaning:
            return column
        return _of_other_meaning(column)
    held = [_bits(value, meaning, wraps=wraps) for value in column.values]
    is_int = np.array([kind == "int" for kind, _ in held])
    bits = np.array([number for _, number in held], dtype=np.int64)
    others = [value for value, (kind, _) in zip(column.values, held, strict=True) if kind == "other"]
    other = np.full(len(held), -1, dtype=np.int32)
    other[[kind == "other" for kind, _ in held]] = np.arange(len(others))
    types = set(is_int[other < 0].tolist())
    said = uniform(len(column.codes), is_int=types.pop()) if len(types) == 1 else is_int[column.codes]
    found = other[column.codes]
    return Numbers(column.space, said, bits[column.codes], found if (found >= 0).any() else None, others, meaning)


def meaning_of(columns: Sequence[Column]) -> Meaning:
    """Return what numbers of these columns are: that of those that are numbers already, which must agree."""
    found = {column.meaning for column in columns if isinstance(column, Numbers)}
    return found.pop() if len(found) == 1 else Meaning.NUMBER


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns of numbers where they meet.

    Attributes:
        space: of both.
        left: int64[n], the bits.
        right: the same.
        ints: whether both are integers: everywhere, nowhere, or bool[n].
        lefts: of the left alone.
        rights: of the right alone.
        strange: bool[n] or None: one of them is no number.
    """

    space: Space
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    lefts: Mask | bool
    rights: Mask | bool
    strange: Mask | None

    @classmethod
    def of(cls, rows: Rows, left: Numbers, right: Numbers) -> Self:
        """Return two columns met."""
        space = rows.join(left.space, right.space)
        left, right = _as_numbers_in(rows, left, space), _as_numbers_in(rows, right, space)
        strange = None
        for column in (left, right):
            if column.other is not None:
                strange = column.other >= 0 if strange is None else strange | (column.other >= 0)
        return cls(space, left.bits, right.bits, _types(left), _types(right), strange)

    @property
    def ints(self) -> Mask | bool:
        """Whether both are integers: everywhere, nowhere, or bool[n]."""
        if isinstance(self.lefts, bool) and isinstance(self.rights, bool):
            return self.lefts and self.rights
        return np.logical_and(self.lefts, self.rights)

    def floats(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return both as doubles; integers over 2**53 are rounded, as Go's float64() does."""
        return _floats(self.left, self.lefts), _floats(self.right, self.rights)


def _as_numbers_in(rows: Rows, column: Numbers, space: Space) -> Numbers:
    moved = rows.moved(column, space)
    assert isinstance(moved, Numbers)  # noqa: S101 moving keeps the kind
    return moved


def _types(column: Numbers) -> Mask | bool:
    return bool(column.is_int[0]) if is_uniform(column.is_int) else column.is_int


def _floats(bits: NDArray[np.int64], ints: Mask | bool) -> NDArray[np.float64]:
    if ints is True:
        return bits.astype(np.float64)
    # A view needs the rows to be there; those of a constant are one row seen many times.
    doubles: NDArray[np.float64] = (
        np.ascontiguousarray(bits).view(np.float64) if bits.strides != (0,) else _constant(bits)
    )
    return doubles if ints is False else np.where(ints, bits.astype(np.float64), doubles)


def _constant(bits: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.broadcast_to(bits[:1].copy().view(np.float64), bits.shape)


def _bits(value: Value | Failed, meaning: Meaning, *, wraps: bool) -> tuple[str, int]:
    match value:
        case bool():
            return "other", 0
        case int() if meaning is Meaning.NUMBER:
            return "int", value
        case float() if meaning is Meaning.NUMBER:
            return "double", int(np.float64(value).view(np.int64))
        case Time() if meaning is Meaning.TIME and (wraps or wrap(value.ns) == value.ns):
            return "int", wrap(value.ns)
        case Duration() if meaning is Meaning.DURATION:
            return "int", value.ns
        case _:
            return "other", 0


def _of_other_meaning(column: Numbers) -> Numbers:
    # No number at all in this meaning; some value of the right type stands for them all, since only types count here.
    stand_in: Any = {Meaning.NUMBER: 0, Meaning.TIME: Time(0), Meaning.DURATION: Duration(0)}[column.meaning]
    others = [*column.others, stand_in]
    other = np.full(len(column.bits), len(others) - 1, dtype=np.int32)
    if column.other is not None:
        other = np.where(column.other >= 0, column.other, other).astype(np.int32)
    return Numbers(column.space, column.is_int, column.bits, other, others)
