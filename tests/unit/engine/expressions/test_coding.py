"""Distinct tuples are found however many there could be."""

import numpy as np
import pytest
from tests.support.engine.small_frames import small_frame

from phoenix.engine.columns import Failed, Meaning, Numbers, Space
from phoenix.engine.expressions.coding import Coder, coded, distinct
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level
from phoenix.engine.values.value import Duration, Time


def test_values_of_other_types_have_other_numbers():
    coder = Coder()
    codes = [coder.code(value) for value in (None, 1, 1.0, True, "1", Failed("x"), 1, -0.0, 0.0)]
    assert codes == [0, 1, 2, 3, 4, 5, 1, 6, 7]


@pytest.mark.parametrize("sizes", [(3, 2), (3, 1 << 40), (1 << 40, 1 << 40, 1 << 40), (1, 1)])
def test_distinct_tuples_give_back_the_rows(sizes):
    random = np.random.default_rng(1)
    columns = [random.integers(0, min(size, 3), 200) * (max(size // 3, 1) if size > 3 else 1) for size in sizes]
    tuples, which = distinct(columns, sizes)
    for column, found in zip(columns, tuples, strict=True):
        assert (found[which] == column).all()
    assert len(set(zip(*(found.tolist() for found in tuples), strict=True))) == len(tuples[0])


@pytest.mark.parametrize(
    ("meaning", "values"),
    [(Meaning.NUMBER, [1, 2.0, None, 1]), (Meaning.TIME, [Time(1), Time(0), None, Time(1)]), (Meaning.DURATION, None)],
)
def test_numbers_become_values(meaning, values):
    frame = small_frame([("a", [1, 2.0, 3, 1])])
    is_int = np.array([True, meaning is not Meaning.NUMBER, True, True])
    bits = np.array([1, int(np.float64(2).view(np.int64)) if meaning is Meaning.NUMBER else 0, 9, 1])
    numbers = Numbers(Space(Level.POINT), is_int, bits, np.array([-1, -1, 0, -1], dtype=np.int32), (None,), meaning)
    column = coded(Rows(frame), numbers)
    found = [column.values[code] for code in column.codes]
    assert found == (values or [Duration(1), Duration(0), None, Duration(1)])
    assert list(map(type, found)) == list(map(type, values or found))
