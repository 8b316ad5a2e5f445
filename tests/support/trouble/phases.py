"""The phases of an experiment, caught exactly: those of the server itself last for milliseconds."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator

from tests.support.plane.plane import Plane

_LOOK_SECONDS = 0.002


@contextlib.contextmanager
def held_in(plane: Plane, experiment: str, phase: str, *, seconds: float = 90.0) -> Iterator[None]:
    """Give the experiment in this very phase: while the block runs the server cannot write, so it cannot move it on.

    The lock is SQLite's own, as a backup takes it; the server waits for it, five seconds at most.
    """
    deadline = time.monotonic() + seconds
    with contextlib.closing(sqlite3.connect(plane.folder / "phoenix.db", isolation_level=None)) as database:

        def now() -> str:
            row = database.execute("SELECT phase FROM experiments WHERE id = ?", (experiment,)).fetchone()
            return str(row[0])

        while True:
            assert time.monotonic() < deadline, f"{experiment} was not {phase}; it is {now()}"
            if now() == phase:
                database.execute("BEGIN IMMEDIATE")
                if now() == phase:
                    break
                database.execute("ROLLBACK")
            time.sleep(_LOOK_SECONDS)
        try:
            yield
        finally:
            database.execute("ROLLBACK")
