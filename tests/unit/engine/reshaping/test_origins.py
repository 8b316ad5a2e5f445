"""Points that a pass moves or sends again come from where they came from before."""

import numpy as np

from phoenix.engine.frame import Lineage
from phoenix.engine.reshaping.origins import taken

ROWS = np.array([2, 0, 1, 2])


def test_points_that_came_from_themselves_come_from_the_rows_they_were():
    assert listed(taken(None, ROWS)) == ([2, 0, 1, 2], None, None)


def test_points_that_moved_before_come_from_further_back():
    assert listed(taken(Lineage(one=np.array([5, -1, 9])), ROWS)) == ([9, 5, -1, 9], None, None)


def test_folded_points_keep_all_that_they_were_folded_from():
    folded = Lineage(offsets=np.array([0, 2, 2, 5]), rows=np.array([7, 8, 1, 2, 3]))
    assert listed(taken(folded, ROWS)) == (None, [0, 3, 5, 5, 8], [1, 2, 3, 7, 8, 1, 2, 3])


def listed(lineage):
    parts = (lineage.one, lineage.offsets, lineage.rows)
    return tuple(part if part is None else part.tolist() for part in parts)
