"""Lists that the collector holds as plain Go slices, not as pcommon.Slice; all of them are tuples.

Most functions treat them alike. Comparison does not: pkg/ottl/compare.go (0.160) never calls a []string equal to
anything, and a list written out holds maps that JSON writes as `{}`. A list that becomes an attribute is a plain tuple.
"""

from phoenix.engine.values.value import Value


class Strings(tuple[str, ...]):
    """A []string, as Split makes it."""

    __slots__ = ()


class Anys(tuple[Value, ...]):
    """A []any, as `[a, b]` in a statement makes it."""

    __slots__ = ()
