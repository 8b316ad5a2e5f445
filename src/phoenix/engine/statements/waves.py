"""Lists whose rows see what earlier rows of the same parent have written: one row of every parent at a time.

The rows of one resource form a chain; rows of different resources have nothing to do with each other. The first rows of
all chains are one wave, the second rows the next, and within a wave a list may run column at a time. Cost: that of the
list on all rows, and a few milliseconds for each row of the longest chain.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Truth
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.subframes import Subframe, Workbench

_MOST_WAVES: Final = 20_000


def run_in_waves(frame: Frame, group: Group, active: Truth, top: Level, failures: Failures) -> Frame:
    """Return the frame after a list.

    Args:
        frame: what it runs on.
        group: the list.
        active: the rows that may do anything at all; the others are left out.
        top: the highest level that the list writes to.
        failures: gets the first request that fails.

    Raises:
        NotColumnarError: a chain is too long, or something in the list cannot be done in columns.
    """
    level = LEVELS[group.context]
    acting = Rows(frame).alive_where(active.space, active.true, level)
    chain = frame.spread(np.arange(frame.size(top)), top, level)[acting]
    starts = np.flatnonzero(np.diff(chain, prepend=-1))
    rank = np.arange(len(chain)) - np.repeat(starts, np.diff(np.append(starts, len(chain))))
    if len(rank) and rank.max() >= _MOST_WAVES:
        raise NotColumnarError(f"a list of statements that carries over {int(rank.max()) + 1} rows of one parent")
    bench = Workbench(frame)
    for wave in _waves(acting, rank):
        part = Subframe.of(bench, level, wave)
        run = ColumnwiseList(part.frame, group, failures)
        bench.put(part, run.run())
    return bench.done()


def _waves(rows: NDArray[np.intp], rank: NDArray[np.intp]) -> Sequence[NDArray[np.intp]]:
    order = np.argsort(rank, kind="stable")
    return np.split(rows[order], np.cumsum(np.bincount(rank))[:-1]) if len(rank) else []
