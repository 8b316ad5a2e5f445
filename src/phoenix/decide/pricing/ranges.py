"""A quantity under three stated assumptions. None is "unknown", which is never zero."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity as it is at least, most likely, and at most, each under the assumptions of that side.

    The three are worked out side by side, so that what is compared rests on the same assumptions. A side that nobody
    knows is None, and so is everything made of it.
    """

    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None

    @classmethod
    def exactly(cls, value: Decimal | int) -> Self:
        """Return a range of one value."""
        return cls(Decimal(value), Decimal(value), Decimal(value))

    @classmethod
    def unknown(cls) -> Self:
        """Return what nobody knows."""
        return cls(None, None, None)

    @property
    def exact(self) -> bool:
        """All three are known and the same."""
        return self.likely is not None and self.low == self.likely == self.high

    @property
    def nothing_known(self) -> bool:
        """None of the three is known."""
        return self.low is None and self.likely is None and self.high is None

    def __add__(self, other: Self) -> "Range":
        return each(lambda left, right: left + right, self, other)

    def __sub__(self, other: Self) -> "Range":
        return each(lambda left, right: left - right, self, other)

    def times(self, factor: Decimal) -> "Range":
        """Return this, so many times.

        >>> Range.exactly(2).times(Decimal(3)).likely
        Decimal('6')
        """
        return each(lambda value: value * factor, self)

    def sorted(self) -> "Range":
        """Return the same with the smaller known end below: a difference may have turned them round."""
        if self.low is None or self.high is None:
            return self
        known = [value for value in (self.low, self.likely, self.high) if value is not None]
        return Range(min(known), self.likely, max(known))


def each(function: Callable[..., Decimal | None], *ranges: Range) -> Range:
    """Return `function` of the ranges, assumption by assumption; unknown where one of them is."""
    return Range(
        _known(function, [one.low for one in ranges]),
        _known(function, [one.likely for one in ranges]),
        _known(function, [one.high for one in ranges]),
    )


def _known(function: Callable[..., Decimal | None], values: list[Decimal | None]) -> Decimal | None:
    return None if any(value is None for value in values) else function(*values)
