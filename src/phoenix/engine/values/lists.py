"""Lists that the collector holds as plain Go slices, not as pcommon.Slice; all of them are tuples.

Most functions treat them alike. Comparison does not: pkg/ottl/compare.go (0.160) never calls a []string, []uint64 or
[]float64 equal to anything, and a list written out holds maps that JSON writes as `{}`. What becomes an attribute is a
plain tuple.
"""

from phoenix.engine.values.value import Value


class Strings(tuple[str, ...]):
    """A []string, as Split makes it."""

    __slots__ = ()


class Counts(tuple[int, ...]):
    """A []uint64, as the counts of a histogram's buckets are: no attribute can hold one."""

    __slots__ = ()


class Doubles(tuple[float, ...]):
    """A []float64, as the bounds of a histogram are."""

    __slots__ = ()


class Anys(tuple[Value, ...]):
    """A []any, as `[a, b]` in a statement makes it."""

    __slots__ = ()
