"""`python -m phoenix.server`: the server's process. People start it by `phoenix up`."""

import argparse
import asyncio
import os
import sys

import uvloop

from phoenix.core.errors import PhoenixError
from phoenix.server.logs import write_logs
from phoenix.server.parent import Parent
from phoenix.server.process import serve
from phoenix.settings.load import load_settings


def main() -> int:
    """Serve until a signal comes or the parent ends; return the exit status: 0, or 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m phoenix.server", description=__doc__)
    parser.add_argument("--parent", type=int, metavar="DESCRIPTOR", help="socket to the command that waits")
    # Whatever it writes is its user's: the database holds configs of hosts, which may hold secrets.
    os.umask(0o077)
    parent = Parent(parser.parse_args().parent)
    try:
        settings = load_settings()
        write_logs(settings.server.log_format)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings, parent))
    except PhoenixError as error:
        parent.tell_problem(error)
        if not parent.waits:
            print(f"error: {error.message}\nwhat to do: {error.user_action}\ncode: {error.code}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
