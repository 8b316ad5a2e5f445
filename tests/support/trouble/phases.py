"""The phases of an experiment, caught exactly: those of the server itself last for milliseconds."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator

from tests.support.plane.plane import Plane

_LOOK_SECONDS = 0.02
_HOLD = """
CREATE TRIGGER held_in_{phase} BEFORE UPDATE OF phase ON experiments
WHEN OLD.id = '{experiment}' AND OLD.phase = '{phase}' AND NEW.phase != OLD.phase
BEGIN SELECT RAISE(ABORT, 'held by a test'); END
"""


@contextlib.contextmanager
def held_in(plane: Plane, experiment: str, phase: str, *, seconds: float = 90.0) -> Iterator[None]:
    """Give the experiment in this very phase: until the block ends the database refuses to let it go on.

    The server sees a write that fails, and tries again.
    """
    deadline = time.monotonic() + seconds
    with contextlib.closing(sqlite3.connect(plane.folder / "phoenix.db", isolation_level=None, timeout=30)) as database:

        def now() -> str:
            row = database.execute("SELECT phase FROM experiments WHERE id = ?", (experiment,)).fetchone()
            return str(row[0])

        database.execute(_HOLD.format(phase=phase, experiment=experiment))
        try:
            while now() != phase:
                assert time.monotonic() < deadline, f"{experiment} was not {phase}; it is {now()}"
                time.sleep(_LOOK_SECONDS)
            yield
        finally:
            database.execute(f"DROP TRIGGER held_in_{phase}")
