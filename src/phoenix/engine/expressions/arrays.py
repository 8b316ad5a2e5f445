"""The few functions that statements call with the times and values of points: computed as arrays.

Everything else, and every operand that is no number, goes through the function over single values.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeGuard

import numpy as np

from phoenix.engine.columns import CONSTANT, Coded, Column, Meaning, Numbers
from phoenix.engine.expressions.rows import is_uniform, uniform
from phoenix.engine.values.value import Duration

Arguments = Mapping[str, Column]

# From the year 1 until 1970.
_SINCE_ZERO: Final = 62_135_596_800 * 10**9
_SAFE: Final = 1 << 62


def truncate_time(arguments: Arguments) -> Column | None:
    """Return times rounded down to a multiple of one duration since the year 1 (func_truncate_time.go)."""
    time, by = arguments["time"], arguments["duration"]
    if not _are_numbers(time, Meaning.TIME) or not isinstance(by, Coded) or by.space != CONSTANT:
        return None
    step = by.values[by.codes[0]]
    if not isinstance(step, Duration) or step.ns <= 0 or (len(time.bits) and time.bits.min() < -_SAFE):
        return None
    over = (time.bits % step.ns + _SINCE_ZERO % step.ns) % step.ns
    return Numbers(time.space, time.is_int, time.bits - over, meaning=Meaning.TIME)


def unix_nano(arguments: Arguments) -> Column | None:
    """Return times as nanoseconds since 1970."""
    time = arguments["time"]
    return Numbers(time.space, time.is_int, time.bits) if _are_numbers(time, Meaning.TIME) else None


def double(arguments: Arguments) -> Column | None:
    """Return numbers as doubles."""
    held = arguments["target"]
    if not _are_numbers(held, Meaning.NUMBER) or not is_uniform(held.is_int):
        return None
    bits = held.bits.astype(np.float64).view(np.int64) if held.is_int[0] else held.bits
    return Numbers(held.space, uniform(len(bits), is_int=False), bits)


def integer(arguments: Arguments) -> Column | None:
    """Return numbers as integers, cut towards zero; what does not fit is the smallest, as on amd64."""
    held = arguments["target"]
    if not _are_numbers(held, Meaning.NUMBER) or not is_uniform(held.is_int):
        return None
    if held.is_int[0]:
        return held
    doubles = np.ascontiguousarray(held.bits).view(np.float64)
    fits = (doubles >= -(2.0**63)) & (doubles < 2.0**63)
    bits = np.where(fits, np.where(fits, doubles, 0.0).astype(np.int64), np.iinfo(np.int64).min)
    return Numbers(held.space, uniform(len(bits), is_int=True), bits)


ARRAYS: Final[Mapping[str, Callable[[Arguments], Column | None]]] = {
    "TruncateTime": truncate_time,
    "UnixNano": unix_nano,
    "Double": double,
    "Int": integer,
}


def _are_numbers(column: Column, meaning: Meaning) -> TypeGuard[Numbers]:
    return isinstance(column, Numbers) and column.meaning is meaning and column.other is None
