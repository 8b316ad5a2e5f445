"""What ails a host, in one screen: the state, why, what to do next.

Pure; `fleet.diagnosis` gathers what it judges by.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.fleet.model import ConfigRevision, EventKind, FailureCode, Host, HostEvent, HostState
from phoenix.control.fleet.rules.evidence import Failing, NotYet, Verdict
from phoenix.control.fleet.rules.transitions import in_flight

# Reports come every ten seconds by default; one may be late and one lost.
REPORTS_MISSED: Final = timedelta(seconds=60)
_LATELY: Final = timedelta(minutes=5)
_LOG_LINES: Final = 8
_LINE_CHARACTERS: Final = 300
_CRASHED: Final = "exited unexpectedly"


class Ailment(StrEnum):
    """What a host suffers from, the first that applies."""

    NEVER_CONNECTED = "never_connected"
    STALE_TOKEN = "stale_token"  # noqa: S105 - a state, not a secret
    SILENT = "silent"
    LOST = "lost"
    CLASH = "clash"
    INCOMPATIBLE = "incompatible"
    CRASH_LOOP = "crash_loop"
    CRASHED = "crashed"
    CONFIG_FAILED = "config_failed"
    APPLYING = "applying"
    EXPORTER_FAILING = "exporter_failing"
    DARK = "dark"
    INGEST_AWAY = "ingest_away"
    WAITING = "waiting_for_evidence"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Symptoms:
    """What a diagnosis is made of.

    Attributes:
        events: the host's history, oldest first.
        offered: the config that it was offered last.
        verdict: what telemetry says of that; None when nothing was offered.
        latest: the collector's newest report about itself.
        latest_at: when it was made.
        ingest_ready: telemetry is taken at all.
        log: what the host's log says, as its user gave it.
    """

    host: Host
    now: datetime
    events: Sequence[HostEvent] = ()
    offered: ConfigRevision | None = None
    verdict: Verdict | None = None
    latest: OwnReading | None = None
    ingest_ready: bool = True
    log: str = ""

    @property
    def latest_at(self) -> datetime | None:
        """When the newest report was made, by the collector's clock."""
        return None if self.latest is None else datetime.fromtimestamp(self.latest.time / 1e9, self.now.tzinfo)

    def last(self, *kinds: EventKind) -> HostEvent | None:
        """Return the latest event of these kinds."""
        return next((event for event in reversed(self.events) if event.kind in kinds), None)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer.

    Attributes:
        headline: one sentence.
        why: what it is concluded from.
        next_step: what to do.
        log: the last lines that the host said about it.
    """

    ailment: Ailment
    headline: str
    why: tuple[str, ...]
    next_step: str
    log: tuple[str, ...] = ()


def diagnose(symptoms: Symptoms) -> Diagnosis:
    """Return what ails a host: the first of the ailments, in the order of `Ailment`, that it has."""
    found = next(found for judge in _JUDGES if (found := judge(symptoms)) is not None)
    log = tuple(line[:_LINE_CHARACTERS] for line in symptoms.log.splitlines() if line.strip())[-_LOG_LINES:]
    return Diagnosis(found.ailment, found.headline, found.why, found.next_step, log or found.log)


def _away(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.last_seen is None:
        never = f"It was enrolled {_ago(host.enrolled_at, symptoms.now)} and its supervisor never came."
        step = "Start the supervisor on the host with the files that enrolling wrote, and look at its log."
        return Diagnosis(Ailment.NEVER_CONNECTED, "The host has never connected.", (never,), step)
    seen = f"It was heard last {_ago(host.last_seen, symptoms.now)}."
    connected, gone = symptoms.last(EventKind.CONNECTED), symptoms.last(EventKind.DISCONNECTED)
    enrolled = symptoms.last(EventKind.ENROLLED)
    is_gone = gone is not None and (connected is None or gone.at >= connected.at)
    is_silent = host.state in (HostState.SILENT, HostState.LOST)
    if enrolled is not None and connected is not None and enrolled.at > connected.at and (is_gone or is_silent):
        renewed = f"Its credential was renewed {_ago(enrolled.at, symptoms.now)}, and the old one is refused since."
        step = "Write the supervisor's files anew with the new credential, and restart the supervisor."
        runs_on = "Its collector goes on alone with the last config it got; its telemetry is refused as well."
        return Diagnosis(
            Ailment.STALE_TOKEN, "The host shows a credential that is no longer valid.", (seen, renewed, runs_on), step
        )
    if not is_silent:
        return None
    ended = (f"The connection ended with: {gone.text}.",) if gone is not None and gone.text else ()
    runs = _runs(symptoms)
    if host.state is HostState.LOST:
        step = "Look whether the machine is up; if it is gone for good, remove the host."
        return Diagnosis(Ailment.LOST, "The host is lost.", (seen, *ended, runs), step)
    step = (
        "Look at the supervisor on the host (systemctl status) and the way to the server; the collector goes on alone."
    )
    return Diagnosis(Ailment.SILENT, "The host is silent.", (seen, *ended, runs), step)


def _unfit(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.state is HostState.CLASH:
        why = (f"{host.reason}.", "The one that came later gets no config; the first goes on.")
        step = "Stop one of the two supervisors; a cloned machine must be enrolled under a name of its own."
        return Diagnosis(Ailment.CLASH, "Two live supervisors use this host's credential.", why, step)
    if host.state is HostState.INCOMPATIBLE:
        unfit = (f"It should run {host.desired}, but {host.reason}.", "It was offered nothing.", _runs(symptoms))
        step = "Install a collector with what is missing, or choose a pipeline without it."
        return Diagnosis(Ailment.INCOMPATIBLE, "The host's collector cannot run the config.", unfit, step)
    return None


def _crashing(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.healthy is not False or _CRASHED not in host.health_text:
        return None
    since = symptoms.last(EventKind.UNHEALTHY)
    why = [f"The supervisor says: {_short(host.health_text)}", f"It was offered {host.offered} last."]
    if since is not None:
        why.insert(1, f"It has been so since {_ago(since.at, symptoms.now)}.")
    if host.failure is not None:
        why.append(_failed(symptoms))
    step = "Read the collector's log on the host: the reason stands in its last lines before each exit."
    said = _said(symptoms)
    if not _loops(symptoms):
        why.append("It is started again five seconds after an exit; once is no loop.")
        return Diagnosis(Ailment.CRASHED, "The collector has crashed.", tuple(why), step, said)
    return Diagnosis(Ailment.CRASH_LOOP, "The collector crashes again and again.", tuple(why), step, said)


def _loops(symptoms: Symptoms) -> bool:
    failure = symptoms.host.failure
    if failure is not None and failure.code in (FailureCode.CRASH_LOOP, FailureCode.REFUSED_BY_HOST):
        return True
    crashes = [it for it in symptoms.events if it.kind is EventKind.UNHEALTHY and _CRASHED in it.text]
    return len([it for it in crashes if symptoms.now - it.at < _LATELY]) > 1


def _config_failed(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.failure is None:
        return None
    headline, step = _FAILURES[host.failure.code]
    never = "It is never offered to this host again; a new revision of the same pipeline may be."
    return Diagnosis(
        Ailment.CONFIG_FAILED, headline, (_failed(symptoms), never, _runs(symptoms)), step, _said(symptoms)
    )


def _applying(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if not in_flight(host.phase) or host.offered_at is None:
        return None
    why = (f"{host.offered} was offered {_ago(host.offered_at, symptoms.now)}; the host says: {host.phase}.",)
    return Diagnosis(
        Ailment.APPLYING, "A config is on its way.", why, "Wait; the end of an offer is known in a minute."
    )


def _exporting(symptoms: Symptoms) -> Diagnosis | None:
    if not isinstance(symptoms.verdict, Failing):
        return None
    failing = symptoms.verdict
    why = (
        f"Exporter {failing.exporter}: {failing.error}.",
        "The collector is healthy all the same: its health says nothing of what it exports.",
        _runs(symptoms),
    )
    step = "Check the endpoint and the key of that exporter in the host's environment, and the vendor's status page."
    return Diagnosis(Ailment.EXPORTER_FAILING, "A production exporter fails.", why, step, _said(symptoms))


def _dark(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.healthy is False:
        why = (f"The supervisor says: {_short(host.health_text) or 'unhealthy'}", _runs(symptoms))
        step = "Read the collector's log on the host; `phoenix host history` tells since when."
        return Diagnosis(Ailment.DARK, "The collector does not work.", why, step, _said(symptoms))
    return None


def _unheard(symptoms: Symptoms) -> Diagnosis | None:
    at = symptoms.latest_at
    if symptoms.ingest_ready and (at is None or symptoms.now - at < REPORTS_MISSED):
        return None
    heard = "never" if at is None else _ago(at, symptoms.now)
    why = (
        "Its supervisor is connected and says that the collector is healthy.",
        f"The collector reported about itself last {heard}."
        if symptoms.ingest_ready
        else "The server takes no telemetry at the moment.",
        "Nothing is undone for this: that telemetry does not reach Phoenix says nothing of production.",
    )
    step = "Look at the server's ingest (/readyz) and at the way from the host to it; production is not touched."
    return Diagnosis(Ailment.INGEST_AWAY, "The collector's telemetry does not reach the server.", why, step)


def _waiting(symptoms: Symptoms) -> Diagnosis | None:
    host = symptoms.host
    if host.proved is not None and host.proved == host.offered:
        return None
    if host.offered is None:
        nothing = ("Nothing was offered to it yet.",)
        return Diagnosis(Ailment.WAITING, "The host has just connected.", nothing, "Wait a few seconds.")
    missing = symptoms.verdict.missing if isinstance(symptoms.verdict, NotYet) else ()
    idle = isinstance(symptoms.verdict, NotYet) and symptoms.verdict.idle
    why = (f"{host.offered} is applied; applied is not proof.", *(f"Missing: {text}." for text in missing))
    step = "Wait for two reports of the collector (20 s by default) and one scrape."
    if idle:
        step = "If it stays so, the pipeline drops everything that this host sends: look at its filters."
    return Diagnosis(Ailment.WAITING, "The config is applied, and not yet proved.", why, step)


def _well(symptoms: Symptoms) -> Diagnosis:
    host = symptoms.host
    proved = f" {_ago(host.proved_at, symptoms.now)}" if host.proved_at is not None else ""
    why = [f"{host.proved} was proved{proved}: every production exporter sends."]
    if host.desired_reason:
        # What ended an experiment early leaves nothing else behind on a host.
        why.append(f"It should run it because: {_short(host.desired_reason.rstrip('.'))}.")
    return Diagnosis(
        Ailment.NONE, "The host is connected, and runs what telemetry proves.", tuple(why), "Nothing to do."
    )


_JUDGES: Final[tuple[Callable[[Symptoms], Diagnosis | None], ...]] = (
    _away,
    _unfit,
    _crashing,
    _config_failed,
    _applying,
    _exporting,
    _dark,
    _unheard,
    _waiting,
    _well,
)
_FAILURES: Final = {
    FailureCode.REFUSED_BY_HOST: (
        "The host refused the config that it should run.",
        "Look at what only the host can know (ports, files, endpoints), then retry with a new revision.",
    ),
    FailureCode.TIMED_OUT: (
        "The host did not apply the config in time.",
        "Look at the load of the host and at the size of the config, then retry with a new revision.",
    ),
    FailureCode.CRASH_LOOP: (
        "The collector crashed again and again with the config.",
        "Read the collector's log on the host (memory?), then retry with a changed pipeline.",
    ),
    FailureCode.EXPORTER_FAILING: (
        "A production exporter failed with the config.",
        "Check endpoint and key of the exporter named, then retry with a new revision.",
    ),
    FailureCode.DRIFTED: (
        "The host runs something else than it was offered.",
        "Find what else changes the collector's config on this host (a second server, an args file), and stop it.",
    ),
    FailureCode.FAILED_ELSEWHERE: (
        "The config is withheld: it failed on another host.",
        "Look at that host first; then retry with a new revision.",
    ),
    FailureCode.INCOMPATIBLE: (
        "The host's collector could not run the config.",
        "Install a collector with what is missing, or choose a pipeline without it.",
    ),
}


def _failed(symptoms: Symptoms) -> str:
    failure = symptoms.host.failure
    if failure is None:
        return ""
    return f"{failure.revision} failed {_ago(failure.at, symptoms.now)}: {_short(failure.text) or failure.code}"


def _runs(symptoms: Symptoms) -> str:
    host = symptoms.host
    if host.proved is not None:
        return f"{host.proved} runs now, and telemetry proves it."
    if host.effective is not None:
        return f"{host.effective} runs now by what the collector says; telemetry does not prove it yet."
    return "What runs now is not known."


def _short(text: str) -> str:
    return text if len(text) <= _LINE_CHARACTERS else f"{text[:_LINE_CHARACTERS]}..."


def _said(symptoms: Symptoms) -> tuple[str, ...]:
    """Return what the host said when things failed, the latest last."""
    kinds = (EventKind.FAILED, EventKind.UNHEALTHY, EventKind.CRASH_LOOP, EventKind.EXPORTER_FAILING)
    texts = [event.text[:_LINE_CHARACTERS] for event in symptoms.events if event.kind in kinds and event.text]
    return tuple(dict.fromkeys(texts))[-_LOG_LINES:]


def _ago(at: datetime, now: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
