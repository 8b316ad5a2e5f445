"""Hosts as the server sees them; and, when it cannot be asked, as this machine does."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from phoenix.cli.context import Cli
from phoenix.cli.doctor.finding import Finding
from phoenix.cli.host.folder import folder_of
from phoenix.cli.remote.words import ago
from phoenix.client.hosts import Hosts
from phoenix.collector.supervised.log import collector_log, supervisor_log
from phoenix.collector.supervised.model import SupervisorFiles
from phoenix.collector.supervised.processes import collectors, supervisors
from phoenix.core.errors import PhoenixError

_CONNECTED: Final = "connected"
_LAST_LINES: Final = 5
# So that it stays one screen.
_SHOWN: Final = 6


def fleet_findings(cli: Cli) -> Iterator[Finding]:
    """Yield a finding a host that is not well, or one that says that all are."""
    try:
        hosts = Hosts(cli.server).select()
    except PhoenixError as error:
        yield Finding("hosts", well=False, message=error.message, user_action=error.user_action, code=error.code)
        return
    ill = [host for host in hosts if host["state"] != _CONNECTED or host["failure"]]
    if not hosts:
        yield Finding("hosts", well=True, message="none is enrolled yet: `phoenix host enrol`")
    elif not ill:
        yield Finding("hosts", well=True, message=f"{len(hosts)} enrolled, all connected and running what they should")
    for host in ill[:_SHOWN]:
        yield _of_host(host)
    if ill[_SHOWN:]:
        message, action = f"{len(ill) - _SHOWN} more are not well", "List all with `phoenix host list`."
        yield Finding("hosts", well=False, message=message, user_action=action)


def _of_host(host: Mapping[str, Any]) -> Finding:
    failure = host["failure"]
    if failure:
        message, code = f"{failure['code']}: {failure['text']}", failure["code"]
    else:
        message, code = f"{host['state']}, {_seen(host['last_seen'])}. {host['reason']}".strip(), ""
    action = f"Run `phoenix doctor {host['name']}`."
    return Finding(f"host {host['name']}", well=False, message=message, user_action=action, code=code)


def _seen(moment: str | None) -> str:
    return f"seen {ago(moment)}" if moment else "never seen"


def local_findings(host: str) -> Iterator[Finding]:
    """Yield what this machine knows of a host that was enrolled here, without the server.

    Raises:
        HostFolderNameError: no host has such a name.
    """
    files = SupervisorFiles(folder_of(host))
    subject = f"host {host}"
    if not files.config.is_file():
        yield Finding(subject, well=True, message=f"it was not enrolled from this machine (no {files.folder})")
        return
    if not supervisors(files):
        action = f"Start it with: phoenix host start {files.folder}"
        yield Finding(subject, well=False, message="its supervisor does not run here", user_action=action)
    else:
        running = "runs on with the last config it got" if collectors(files) else "does not run"
        message = f"its supervisor runs here and waits for the server; the collector {running}"
        yield Finding(subject, well=bool(collectors(files)), message=message)
    for name, lines in (("supervisor", supervisor_log(files)), ("collector", collector_log(files))):
        if lines:
            yield Finding(f"{subject}: {name} said", well=True, message="\n".join(lines[-_LAST_LINES:]))
