"""The real server with a clock that tests set: `python -m tests.support.trouble.stepped_server FILE`.

The file holds how many seconds the wall clock is ahead of this machine's; it is read at each look at the clock. The
other clock, which nobody can set, is the machine's.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from phoenix.server.logs import write_logs
from phoenix.server.parent import Parent
from phoenix.server.process import serve
from phoenix.settings.load import load_settings


class SetClock:
    """A clock that follows the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text(encoding="utf-8") or 0))

    def monotonic(self) -> float:
        return time.monotonic()


def main() -> None:
    settings = load_settings()
    write_logs(settings.server.log_format)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, Parent(None), clock=SetClock(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
