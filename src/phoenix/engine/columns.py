"""Values of many rows: each distinct value once, and which row has it; or numbers as arrays.

Whoever reads telemetry makes columns (`engine.paths`), whoever computes takes them (`engine.expressions`); functions
over single values never see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Level
from phoenix.engine.values.value import Value


@dataclass(frozen=True, slots=True)
class Failed:
    """Stands for a value that could not be worked out."""

    why: str


@dataclass(frozen=True, slots=True)
class Space:
    """What the rows of a column are.

    Attributes:
        level: None: there is one row, for whatever is asked.
        by_value: the rows are those of the level's pool (for points: of attributes), not the level's own rows. That is
            where most work is done: a few hundred resources, however often they were scraped.
    """

    level: Level | None = None
    by_value: bool = False


CONSTANT = Space()


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of any values.

    Attributes:
        space: what the rows are.
        codes: int32[n], rows of `values`.
        values: what there is; the same value may stand twice.
    """

    space: Space
    codes: NDArray[np.int32]
    values: Sequence[Value | Failed]


class Meaning(Enum):
    """What the numbers of a column are."""

    NUMBER = "int or double"
    TIME = "nanoseconds since 1970, a time.Time in UTC"
    DURATION = "nanoseconds, a time.Duration"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers, for what is a number at nearly every row; always of a level's own rows.

    Attributes:
        space: what the rows are; one row, that of a constant, is as good.
        is_int: bool[n]; integers stand in `bits` as they are, doubles by their IEEE 754 bits.
        bits: int64[n].
        other: int32[n] or None: -1 where there is a number, else a row of `others`.
        others: nil and failures.
        meaning: times and durations are integers here; an int and a time are never equal.
    """

    space: Space
    is_int: NDArray[np.bool_]
    bits: NDArray[np.int64]
    other: NDArray[np.int32] | None = None
    others: Sequence[Any] = ()
    meaning: Meaning = Meaning.NUMBER


Column = Coded | Numbers


@dataclass(frozen=True, slots=True)
class Truth:
    """A column of conditions.

    Attributes:
        space: what the rows are.
        true: bool[n]: the condition holds; never where it failed.
        failed: bool[n] or None: it could not be worked out.
        why: of one failure, in words.
    """

    space: Space
    true: NDArray[np.bool_]
    failed: NDArray[np.bool_] | None = None
    why: str = ""
