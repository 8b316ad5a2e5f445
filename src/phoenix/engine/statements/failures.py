"""The first request that fails, when errors are propagated: the collector stops there, whatever comes later."""

from dataclasses import dataclass, field

import numpy as np

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
        if not where[1].any():
            return
        rows = Rows(frame)
        reached: Mask = rows.spread(where[1], where[0], Space(level))
        alive = frame.alive(level)
        found = np.flatnonzero(reached if alive is None else reached & alive)
        if len(found):
            self.note_request(request_of(frame, level, int(found[0])), why)

    def note_request(self, request: int, why: str) -> None:
        """Note that a request failed."""
        if self.request is None or request < self.request:
            self.request, self.why = request, why


def request_of(frame: Frame, level: Level, row: int) -> int:
    """Return which request a row is in."""
    for above in range(level, -1, -1):
        row = int(frame.parent(Level(above))[row])
    return row
