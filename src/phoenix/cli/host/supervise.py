"""Running a host's supervisor in the foreground, as `host enrol --start` and `host start` do."""

import contextlib
import time
from typing import Final

from phoenix.cli.context import Cli
from phoenix.collector.supervised.model import SupervisorFiles
from phoenix.collector.supervised.running import running_supervisor

_LOOK_SECONDS: Final = 0.5


def supervise(cli: Cli, files: SupervisorFiles) -> None:
    """Run the supervisor until Ctrl-C, which is how that is meant to end.

    Raises:
        PhoenixError: it cannot be started, or ended by itself.
    """
    with contextlib.suppress(KeyboardInterrupt), running_supervisor(files) as running:
        cli.say(f"The supervisor runs; their logs are in {files.folder}. Ctrl-C ends it and its collector.")
        while True:
            running.check()
            time.sleep(_LOOK_SECONDS)
