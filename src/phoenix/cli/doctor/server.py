"""The server as its users see it: there, ready, and letting us in; and what this machine knows when it is not there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from phoenix.cli.context import Cli
from phoenix.cli.doctor.finding import Finding
from phoenix.core.errors import PhoenixError
from phoenix.settings.server import LOCK_FILE


def server_findings(cli: Cli) -> Iterator[Finding]:
    """Yield what is to be said of the server. Nothing but the first finding when it cannot be reached."""
    url = cli.settings.api_url
    try:
        readiness = cli.server.readiness()
    except PhoenixError as error:
        yield Finding("server", well=False, message=error.message, user_action=error.user_action, code=error.code)
        yield from _local_server(cli)
        return
    yield from _checks(url, readiness)
    try:
        caller = cli.server.get("/auth/whoami")
    except PhoenixError as error:
        yield Finding("token", well=False, message=error.message, user_action=error.user_action, code=error.code)
    else:
        yield Finding("token", well=True, message=f"the server takes our token, named '{caller['name']}'")


def reachable(findings: list[Finding]) -> bool:
    """Return whether the server answered and let us in."""
    return any(finding.subject == "token" and finding.well for finding in findings)


def _checks(url: str, readiness: dict[str, Any]) -> Iterator[Finding]:
    ill = {name: said for name, said in readiness.get("checks", {}).items() if said != "ok"}
    if not ill:
        yield Finding("server", well=True, message=f"{url} is ready")
    for name, said in ill.items():
        action = "Look at the server's log; it says what it met there."
        yield Finding(f"server {name}", well=False, message=f"not well: {said}", user_action=action)


def _local_server(cli: Cli) -> Iterator[Finding]:
    """Yield what the data folder on this machine tells of a server that does not answer where we asked."""
    folder = cli.settings.server.data_dir
    try:
        said = json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))
        pid, url = int(said["pid"]), str(said["url"])
    except (OSError, ValueError, KeyError, TypeError):
        yield Finding("data folder", well=True, message=f"no server has ever run on {folder}")
        return
    if not _is_server(pid):
        message = f"the server that used {folder} is no more; everything it kept is there"
        yield Finding("data folder", well=False, message=message, user_action="Start it again with `phoenix up`.")
    elif url.rstrip("/") != cli.settings.api_url.rstrip("/"):
        message = f"a server runs on {folder}, but at {url}"
        yield Finding("data folder", well=False, message=message, user_action=f"Set PHOENIX_API_URL={url}.")
    else:
        message = f"the server on {folder} runs (process {pid}) and does not answer"
        action = "Look at its log; if it hangs, stop it and start it again with `phoenix up`: nothing is lost."
        yield Finding("data folder", well=False, message=message, user_action=action)


def _is_server(pid: int) -> bool:
    """Return whether the process is a server of ours and not another that was given its number."""
    try:
        os.kill(pid, 0)
        return b"phoenix.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except PermissionError:
        return True
    except OSError:
        return False
