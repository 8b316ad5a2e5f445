"""The first request that fails, when errors are propagated: the collector stops there, whatever comes later."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Space
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.paths.merging import Where


@dataclass(slots=True)
class Failures:
    """Errors that rows met.

    Attributes:
        request: the first one that fails, from 0; None while none does.
        why: in words.
    """

    request: int | None = None
    why: str = field(default="")

    def note(self, frame: Frame, level: Level, where: Where, why: str) -> None:
        """Note an error at rows of a context.

        Args:
            frame: whose rows.
            level: of the context; only its rows are ever reached.
            where: the rows, of this level or above.
            why: the statement and what went wrong.
        """
        requests = requests_of(frame, level, where)
        if len(requests):
            self.note_request(int(requests[0]), why)

    def note_request(self, request: int, why: str) -> None:
        """Note that a request failed."""
        if self.request is None or request < self.request:
            self.request, self.why = request, why


def requests_of(frame: Frame, level: Level, where: Where) -> NDArray[np.int32]:
    """Return the requests that have a row alive, of a context's level, where the mask says so; ascending."""
    if not where[1].any():
        return np.zeros(0, dtype=np.int32)
    rows = Rows(frame)
    reached: Mask = rows.spread(where[1], where[0], Space(level))
    alive = frame.alive(level)
    found: NDArray[np.integer] = np.flatnonzero(reached if alive is None else reached & alive)
    for above in range(level, -1, -1):
        found = frame.parent(Level(above))[found]
    return np.unique(found).astype(np.int32)
