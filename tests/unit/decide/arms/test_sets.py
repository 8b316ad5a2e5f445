"""Sets of series: crossings, also of sets that were cut off."""

from hypothesis import given
from hypothesis import strategies as st
from tests.support.experiments.arms import series

from phoenix.decide.arms.sets import cross
from phoenix.telemetry.window.model import SeriesSet

NUMBERS = st.sets(st.integers(0, 2**64 - 1), max_size=30)


def cut(found: SeriesSet, count: int) -> SeriesSet:
    return SeriesSet(found.hashes[:count], found.points[:count], found.values[:count], truncated=True)


@given(NUMBERS, NUMBERS)
def test_a_crossing_counts_every_series_once(first, second):
    crossing = cross(series(*first), series(*second))
    assert len(crossing.gone) == len(first - second)
    assert len(crossing.made) == len(second - first)
    assert len(crossing.points) == len(first & second)


def test_a_set_that_was_cut_off_is_compared_as_far_as_it_reaches():
    crossing = cross(series(*range(100)), cut(series(*range(0, 100, 2)), 10))
    assert crossing.truncated
    assert (len(crossing.points), len(crossing.gone), len(crossing.made)) == (10, 9, 0)
