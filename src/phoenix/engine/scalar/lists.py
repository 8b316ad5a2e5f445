"""Lists of numbers that fields of histograms hold; Go has them as plain slices, as those in engine/values/lists.py."""


class Counts(tuple[int, ...]):
    """A []uint64: no attribute can hold one."""

    __slots__ = ()


class Doubles(tuple[float, ...]):
    """A []float64."""

    __slots__ = ()
