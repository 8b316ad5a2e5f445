"""Hosts as the server sees them; and, when it cannot be asked, as this machine does."""

from collections.abc import Iterator, Mapping, Sequence
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
# One screen holds so much of each log beside everything else: what is said again and again is shown once.
_LAST_LINES: Final = 2
_LINE_CHARACTERS: Final = 130
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


def enrolled_here(host: str) -> bool:
    """Return whether a host of this name was enrolled from this machine.

    Raises:
        HostFolderNameError: no host has such a name.
    """
    return SupervisorFiles(folder_of(host)).config.is_file()


def forgotten_findings(host: str, error: PhoenixError) -> Iterator[Finding]:
    """Yield what is to be said of a host of this machine that the server does not know, as its `error` says."""
    message = "it was enrolled, and the server does not know it: its database is a new one, or the host was removed"
    action = (
        f"Enrol it again, with its labels and --config: phoenix host enrol --name {host} --again; "
        "then restart its supervisor."
    )
    yield Finding(f"host {host}", well=False, message=message, user_action=action, code=error.code)
    yield from local_findings(host)


def local_findings(host: str) -> Iterator[Finding]:
    """Yield what this machine knows of a host that was enrolled here, without the server.

    Raises:
        HostFolderNameError: no host has such a name.
    """
    files, subject = SupervisorFiles(folder_of(host)), f"host {host}"
    if not enrolled_here(host):
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
            yield Finding(f"{subject}: {name} said", well=True, message="\n".join(_last(lines)))


def _last(lines: Sequence[str]) -> list[str]:
    """Return the last lines that differ, oldest first, cut to what fits."""
    newest_first = dict.fromkeys(reversed(lines))
    kept = [line for line, _ in zip(newest_first, range(_LAST_LINES), strict=False)]
    return [line if len(line) <= _LINE_CHARACTERS else line[:_LINE_CHARACTERS] + "..." for line in reversed(kept)]
