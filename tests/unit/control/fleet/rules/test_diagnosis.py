"""Every state that a host can be in is explained in one screen, with a next step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.fleet import START

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.fleet.model import EventKind, Failure, FailureCode, Host, HostEvent, HostState, Phase
from phoenix.control.fleet.rules.diagnosis import Ailment, Symptoms, diagnose
from phoenix.control.fleet.rules.evidence import Failing, NotYet, Proved
from phoenix.core.ids import HostId, RevisionId

NOW = START + timedelta(hours=1)
REVISION = RevisionId("rev-1")
HOST = HostId("host-1")
WELL = Host(
    id=HOST,
    name="web-1",
    labels={},
    state=HostState.CONNECTED,
    enrolled_at=START,
    desired=REVISION,
    offered=REVISION,
    offered_at=NOW - timedelta(minutes=5),
    phase=Phase.PROVED,
    proved=REVISION,
    proved_at=NOW - timedelta(minutes=4),
    verified=REVISION,
    effective=REVISION,
    healthy=True,
    last_seen=NOW,
)
READING = OwnReading(int((NOW - timedelta(seconds=5)).timestamp() * 1e9), REVISION, "i", 1.0, 1.0, 1)
FAILURE = Failure(RevisionId("rev-2"), FailureCode.REFUSED_BY_HOST, "exit code 1", NOW - timedelta(minutes=1))
CRASH = "Agent process exited unexpectedly, exit code=1. Will restart in a bit..."


def event(kind, minutes_ago, text=""):
    return HostEvent(HOST, NOW - timedelta(minutes=minutes_ago), kind, REVISION, text)


def symptoms(**changes):
    own = {
        name: changes.pop(name) for name in ("events", "verdict", "latest", "ingest_ready", "log") if name in changes
    }
    given = {"verdict": Proved(), "latest": READING, **own}
    return Symptoms(host=replace(WELL, **changes), now=NOW, **given)


CASES = {
    Ailment.NONE: symptoms(),
    Ailment.NEVER_CONNECTED: symptoms(state=HostState.SILENT, last_seen=None),
    Ailment.SILENT: symptoms(
        state=HostState.SILENT,
        last_seen=NOW - timedelta(minutes=3),
        events=[
            event(EventKind.ENROLLED, 60),
            event(EventKind.CONNECTED, 50),
            event(EventKind.DISCONNECTED, 3, "1006"),
        ],
    ),
    Ailment.LOST: symptoms(state=HostState.LOST, last_seen=NOW - timedelta(hours=30)),
    Ailment.STALE_TOKEN: symptoms(
        state=HostState.SILENT,
        last_seen=NOW - timedelta(minutes=3),
        events=[event(EventKind.CONNECTED, 50), event(EventKind.ENROLLED, 4)],
    ),
    Ailment.CLASH: symptoms(state=HostState.CLASH, reason="another live supervisor has this host's credential: u2"),
    Ailment.INCOMPATIBLE: symptoms(state=HostState.INCOMPATIBLE, reason="its collector has no processor filter"),
    Ailment.CRASH_LOOP: symptoms(
        healthy=False,
        health_text=CRASH,
        events=[event(EventKind.UNHEALTHY, 3, CRASH), event(EventKind.UNHEALTHY, 2, CRASH)],
    ),
    Ailment.CRASHED: symptoms(healthy=False, health_text=CRASH, events=[event(EventKind.UNHEALTHY, 2, CRASH)]),
    Ailment.CONFIG_FAILED: symptoms(failure=FAILURE, desired=RevisionId("rev-2")),
    Ailment.APPLYING: symptoms(phase=Phase.APPLYING, proved=None),
    Ailment.EXPORTER_FAILING: symptoms(verdict=Failing("otlp_http/vendor", "100 points could not be sent")),
    Ailment.DARK: symptoms(healthy=False, health_text="StatusPermanentError"),
    Ailment.INGEST_AWAY: symptoms(latest=replace(READING, time=int((NOW - timedelta(minutes=2)).timestamp() * 1e9))),
    Ailment.WAITING: symptoms(proved=None, phase=Phase.APPLIED, verdict=NotYet(("a second report",))),
}


def test_every_ailment_has_a_case():
    assert set(CASES) == set(Ailment)


@pytest.mark.parametrize("ailment", Ailment)
def test_explains(ailment):
    found = diagnose(CASES[ailment])
    assert found.ailment is ailment
    assert found.headline.endswith(".")
    assert found.next_step.endswith(".")
    assert found.why
    lines = [found.headline, *found.why, found.next_step, *found.log]
    assert len(lines) <= 20, "one screen"
    assert all(len(line) <= 300 for line in lines)


def test_a_failed_config_says_why_that_it_is_poisoned_and_what_runs_now():
    why = " ".join(diagnose(CASES[Ailment.CONFIG_FAILED]).why)
    assert "rev-2 failed 60 s ago: exit code 1" in why
    assert "never offered to this host again" in why
    assert "rev-1 runs now, and telemetry proves it" in why


@pytest.mark.parametrize("code", FailureCode)
def test_every_kind_of_failure_has_its_own_words(code):
    others = {other: diagnose(symptoms(failure=replace(FAILURE, code=other))).headline for other in FailureCode}
    assert list(others.values()).count(others[code]) == 1


def test_waiting_names_what_is_missing():
    why = diagnose(CASES[Ailment.WAITING]).why
    assert why == ("rev-1 is applied; applied is not proof.", "Missing: a second report.")


def test_waiting_for_an_exporter_that_has_nothing_to_send_points_at_the_filters():
    idle = symptoms(proved=None, phase=Phase.APPLIED, verdict=NotYet(("x",), idle=("debug",)))
    assert "drops everything" in diagnose(idle).next_step


def test_our_own_ingest_being_away_is_told_and_undoes_nothing():
    found = diagnose(symptoms(ingest_ready=False))
    assert found.ailment is Ailment.INGEST_AWAY
    assert any("Nothing is undone" in line for line in found.why)


def test_what_the_host_said_is_shown_each_once_and_the_users_log_instead_of_it():
    events = [event(EventKind.FAILED, 3, "port 8888 busy"), event(EventKind.FAILED, 2, "port 8888 busy")]
    failed = symptoms(failure=FAILURE, events=events)
    assert diagnose(failed).log == ("port 8888 busy",)
    log = "\n".join(f"line {number} " + "x" * 400 for number in range(50))
    found = diagnose(replace(failed, log=log)).log
    assert len(found) == 8
    assert found[-1].startswith("line 49 ")


def test_a_host_that_is_well_says_what_made_it_run_what_it_runs():
    ended = "experiment exp-1 ended: guardrail memory: it holds 230 MB and grows."
    said = diagnose(symptoms(desired_reason=ended))
    assert any("guardrail memory" in reason for reason in said.why)


@pytest.mark.parametrize("state", [HostState.CONNECTED, HostState.SILENT])
def test_a_renewed_credential_is_told_as_soon_as_the_old_one_is_cut_off(state):
    events = [
        event(EventKind.CONNECTED, 50),
        event(EventKind.ENROLLED, 2),
        event(EventKind.DISCONNECTED, 1, "withdrawn"),
    ]
    said = diagnose(symptoms(state=state, last_seen=NOW - timedelta(minutes=1), events=events))
    assert said.ailment is Ailment.STALE_TOKEN


def test_a_renewed_credential_that_nobody_was_cut_off_for_is_not_stale():
    events = [event(EventKind.CONNECTED, 50), event(EventKind.ENROLLED, 2)]
    assert diagnose(symptoms(events=events)).ailment is Ailment.NONE
