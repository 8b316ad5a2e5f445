"""Counts of exponential buckets put into explicit ones.

func_convert_exponential_hist_to_explicit_hist.go of the transform processor, 0.160.0, which gives as many counts as
there are bounds, looks at positive buckets only, and counts zeros when the first bound is 0.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.reshaping.histograms.go_math import LN2, exp, ldexp
from phoenix.engine.values.rests import ExponentialRest

_UINT64: Final = (1 << 64) - 1
_CRASH: Final = "converting an exponential histogram whose buckets have no bounds, where a collector crashes"

# (count, lower and upper bound of the bucket, explicit bounds, counts so far)
Distribution = Callable[[int, tuple[float, float], Sequence[float], list[int]], None]


def explicit_counts(rest: ExponentialRest, bounds: Sequence[float], distribution: Distribution) -> tuple[int, ...]:
    """Return a count for each bound.

    Raises:
        NotColumnarError: a collector would crash.
    """
    factor = ldexp(LN2, -rest.scale)
    counts = [0] * len(bounds)
    if rest.zero_count and bounds[0] == 0:
        counts[0] += rest.zero_count
    for position, count in enumerate(rest.positive.bucket_counts):
        index = _int32(rest.positive.offset + position)
        sides = exp(float(index) * factor), exp(float(_int32(index + 1)) * factor)
        if sides[0] > bounds[-1]:
            counts[-1] += count
        elif (inside := _inside(sides, bounds)) is not None:
            counts[inside] += count
        else:
            distribution(count, sides, bounds, counts)
    return tuple(count & _UINT64 for count in counts)


def _inside(sides: tuple[float, float], bounds: Sequence[float]) -> int | None:
    lower, upper = sides
    return next(
        (at for at in range(len(bounds) - 1) if lower > bounds[at] and upper <= bounds[at + 1]),
        None,
    )


def _upper(count: int, sides: tuple[float, float], bounds: Sequence[float], counts: list[int]) -> None:
    counts[_first(bounds, sides[1], len(bounds) - 1)] += count


def _midpoint(count: int, sides: tuple[float, float], bounds: Sequence[float], counts: list[int]) -> None:
    place = _first(bounds, (sides[1] + sides[0]) / 2, len(bounds))
    counts[max(place - 1, 0)] += count


def _uniform(count: int, sides: tuple[float, float], bounds: Sequence[float], counts: list[int]) -> None:
    start = _first(bounds, sides[0], len(bounds))
    end = next((at for at in range(start, len(bounds)) if sides[1] <= bounds[at]), len(bounds) - 1)
    if start == len(bounds):
        raise NotColumnarError(_CRASH)
    each, left = divmod(count, max(end - start, 0) + 1)
    for at in range(start, max(end, start) + 1):
        counts[at] += each + (at - start < left)


def _random(count: int, sides: tuple[float, float], bounds: Sequence[float], counts: list[int]) -> None:
    # Chance has a say only in a bucket that reaches over a bound.
    start = next((at for at, bound in enumerate(bounds) if not bound < sides[0]), len(bounds))
    end = next((at for at in range(start, len(bounds)) if not bounds[at] < sides[1]), len(bounds) - 1)
    if start == len(bounds):
        raise NotColumnarError(_CRASH)
    if end > start and count:
        raise NotColumnarError('distribution "random" of convert_exponential_histogram_to_histogram')
    counts[start] += count


def _first(bounds: Sequence[float], value: float, otherwise: int) -> int:
    return next((at for at, bound in enumerate(bounds) if value <= bound), otherwise)


def _int32(value: int) -> int:
    return (value + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


DISTRIBUTIONS: Final[Mapping[str, Distribution]] = {
    "upper": _upper,
    "midpoint": _midpoint,
    "random": _random,
    "uniform": _uniform,
}
