"""Connected hosts, on both databases: from enrolling to proof, and what happens when things fail."""

import pytest
from tests.support.fleet import USER_CONFIG, SteppedClock
from tests.support.hosts.connected import HEALTHY, World
from tests.support.hosts.stock_supervisor import Fate, StockSupervisor

from phoenix.control.fleet.live import library
from phoenix.control.fleet.model import FailureCode, HostState, Phase, Purpose
from phoenix.edge.opamp.agents import AgentReport, ConfigStatus, Health

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def world(database, clock):
    return World(database, clock)


@pytest.fixture
async def proved(world):
    """A host that runs the config it was enrolled with, proved."""
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.prove(host, agent)
    return await world.get(host), agent


async def test_an_enrolled_host_is_offered_its_config_and_proves_it(world):
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    assert (await world.get(host)).phase is Phase.OFFERED
    await world.talk(agent)
    applied = await world.get(host)
    assert (applied.phase, applied.proved, applied.verified) == (Phase.APPLIED, None, None), "APPLIED is not proof"
    await world.report(host, agent)
    assert (await world.get(host)).proved is None, "one report is not enough"
    await world.report(host, agent)
    found = await world.get(host)
    assert (found.state, found.phase, found.failure) == (HostState.CONNECTED, Phase.PROVED, None)
    assert found.proved == found.verified == found.desired == found.effective
    kinds = [kind for kind, _ in await world.history(host)]
    assert kinds == ["enrolled", "connected", "offered", "applying", "applied", "healthy", "proved"]


async def test_restore_brings_the_verified_config_back_and_proves_it_anew(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.GOOD, agent)
    await world.talk(agent)
    world.telemetry.arms["exp-1", host.id, "baseline"] = world.clock.now()
    await world.prove(host, agent)
    running = await world.get(host)
    assert running.proved == candidate.id
    assert running.verified == host.verified, "an experiment's config is nothing to fall back to"
    async with world.database.transaction() as session:
        await world.fleet.restore(session, [host.id], reason="ended", now=world.clock.now())
    await world.step()
    assert (await world.get(host)).proved is None, "not before telemetry shows it again"
    await world.prove(host, agent)
    restored = await world.get(host)
    assert restored.proved == restored.verified == host.verified == restored.desired


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.CRASHES])
async def test_a_failed_config_is_answered_at_once_with_the_verified_one(world, proved, fate):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, fate, agent)
    steps_before = world.clock.seconds
    await world.talk(agent)
    assert world.clock.seconds == steps_before, "no step and no time went by"
    verified = agent.supervisor.got[0]
    assert agent.supervisor.got == [verified, candidate.digest, verified], "same content and same hash"
    found = await world.get(host)
    assert found.failure is not None
    assert (found.failure.revision, found.failure.code) == (candidate.id, FailureCode.REFUSED_BY_HOST)
    assert found.desired == candidate.id, "what was wanted stays said"
    await world.prove(host, agent)
    back = await world.get(host)
    assert (back.proved, back.verified) == (host.verified, host.verified)
    for _ in range(200):
        await world.step(1.0)
    assert agent.supervisor.got == [verified, candidate.digest, verified], "'runs A, wanted B' is not drift"


async def test_a_fleet_of_more_configs_than_are_kept_in_memory_gets_its_verified_ones_back(world, monkeypatch):
    monkeypatch.setattr(library, "_KEPT", 1)
    pairs = []
    for number in range(3):
        host = await world.enrol(f"web-{number}", f"{USER_CONFIG}# {number}\n")
        pairs.append((host, await world.connect(host, uid=f"uid-{number}")))
        await world.prove(*pairs[-1])
    candidate = await world.candidate()
    for host, agent in pairs:
        await world.want(host, candidate, Fate.CRASHES, agent)
        await world.talk(agent)
        (first, *_), last = agent.supervisor.got, agent.supervisor.got[-1]
        assert last == first
        await world.prove(host, agent)
        assert (await world.get(host)).proved == (await world.get(host)).verified
    restarted = world.restarted()
    for host, agent in pairs:
        await restarted.connect(host, agent.supervisor, uid=f"{host.name}-again")
        assert restarted.agents.sessions[host.id].track.verified is not None


async def test_a_wish_that_was_committed_long_after_its_time_is_seen(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    agent.supervisor.fates[candidate.digest] = Fate.GOOD
    asked_at = world.clock.now()
    for _ in range(10):
        await world.step(10)
    async with world.database.transaction() as session:
        await world.fleet.set_desired(session, [host.id], candidate.id, reason="slow", now=asked_at)
    for _ in range(3):
        await world.step(5)
    assert agent.supervisor.got[-1] == candidate.digest


async def test_hosts_are_heard_after_the_clock_was_set_back(world, proved):
    host, _ = proved
    await world.step(20)
    world.clock.set_by -= 3600
    await world.step(20)
    assert (await world.get(host)).last_seen == world.clock.now()


async def test_a_failed_digest_is_never_offered_again_when_it_is_wanted_again(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.CRASHES, agent)
    await world.talk(agent)
    world.clock.step(1)
    await world.want(host, candidate, Fate.GOOD, agent)
    assert agent.supervisor.got.count(candidate.digest) == 1
    found = await world.get(host)
    assert found.failure is not None
    assert "failed on this host before" in found.failure.text


async def test_what_failed_on_one_host_is_withheld_from_others(world, proved):
    host, agent = proved
    other = await world.enrol("web-2")
    other_agent = await world.connect(other, uid="uid-2")
    await world.prove(other, other_agent)
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.CRASHES, agent)
    await world.talk(agent)
    await world.want(other, candidate, Fate.GOOD, other_agent)
    assert candidate.digest not in other_agent.supervisor.got
    found = await world.get(other)
    assert found.failure is not None
    assert found.failure.code is FailureCode.FAILED_ELSEWHERE
    assert "web-1" in found.failure.text
    assert found.proved == other_agent.supervisor.revisions[other_agent.supervisor.got[0]]


async def test_an_offer_without_an_answer_times_out_and_the_verified_one_comes_back(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.HANGS, agent)
    await world.talk(agent)
    assert (await world.get(host)).phase is Phase.APPLYING
    for _ in range(4):
        await world.step(10)
    assert agent.supervisor.got[-1] == agent.supervisor.got[0]
    found = await world.get(host)
    assert found.failure is not None
    assert found.failure.code is FailureCode.TIMED_OUT


async def test_a_superseded_config_waits_for_the_one_in_flight(world, proved):
    host, agent = proved
    first, second = await world.candidate(), await world.candidate(text="# second\n")
    await world.want(host, first, Fate.GOOD, agent)
    world.clock.step(1)
    await world.want(host, second, Fate.GOOD, agent)
    assert agent.supervisor.got[-1] == first.digest
    await world.talk(agent)
    assert agent.supervisor.got[-1] == second.digest


async def test_a_crash_loop_after_applied_brings_the_verified_one_back(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.CRASHES_LATER, agent)
    await world.talk(agent)
    agent.supervisor.crash()
    await crash(world, agent, 11)
    assert agent.supervisor.got[-1] == candidate.digest, "one crash is an accident"
    world.clock.step(5)
    await crash(world, agent, 12)
    assert agent.supervisor.got[-1] == agent.supervisor.got[0]
    found = await world.get(host)
    assert found.failure is not None
    assert found.failure.code is FailureCode.CRASH_LOOP


async def test_a_late_crash_changes_only_the_health(world, proved):
    host, agent = proved
    await crash(world, agent, 11)
    await world.step()
    await world.step()
    found = await world.get(host)
    assert (found.healthy, found.phase, found.proved) == (False, Phase.PROVED, host.proved)
    assert "exited unexpectedly" in found.health_text
    await world.agents.reported(agent, AgentReport(health=HEALTHY))
    await world.step()
    await world.step()
    assert (await world.get(host)).healthy is True
    assert len(agent.supervisor.got) == 1


async def test_a_deploy_is_no_outage_for_health_is_debounced(world, proved):
    host, agent = proved
    await world.agents.reported(
        agent, AgentReport(health=Health(healthy=False, status="StatusStopping", error="", components={}))
    )
    await world.step(0.2)
    await world.agents.reported(agent, AgentReport(health=HEALTHY))
    await world.step()
    assert [kind for kind, _ in await world.history(host)].count("unhealthy") == 0


async def test_when_the_verified_one_fails_a_copy_with_other_content_is_offered(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    verified = agent.supervisor.got[0]
    agent.supervisor.fates[verified] = Fate.CRASHES
    await world.want(host, candidate, Fate.CRASHES, agent)
    await world.talk(agent)
    copy = agent.supervisor.got[-1]
    assert agent.supervisor.got == [verified, candidate.digest, verified, copy]
    assert copy not in (verified, candidate.digest)
    await world.prove(host, agent)
    found = await world.get(host)
    assert found.proved == found.verified == agent.supervisor.revisions[copy]
    assert found.failure is not None
    assert found.failure.revision == candidate.id, "the experiment still sees why it failed"
    async with world.database.read() as session:
        document = await world.fleet.steady_document(session, host.id)
        revision = await world.fleet.revision(session, found.verified)
    assert revision.retry_of == host.verified
    assert document.revision == found.verified


async def test_a_host_with_nothing_verified_falls_back_to_what_it_was_enrolled_with(world):
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.talk(agent)
    candidate = await world.candidate(purpose=Purpose.STEADY)
    await world.want(host, candidate, Fate.CRASHES, agent)
    await world.talk(agent)
    assert agent.supervisor.got[-1] == agent.supervisor.got[0]


async def test_a_host_whose_collector_lacks_a_component_gets_nothing(world):
    host = await world.enrol("web-1")
    agent = await world.connect(host, components={"receivers": ("otlp",), "exporters": ("otlp_http",)})
    found = await world.get(host)
    assert (found.state, agent.supervisor.got) == (HostState.INCOMPATIBLE, [])
    assert "no receiver host_metrics" in found.reason
    assert found.failure is not None
    assert found.failure.code is FailureCode.INCOMPATIBLE
    await world.agents.reported(agent, World.full(agent))
    assert (await world.get(host)).state is HostState.CONNECTED
    assert len(agent.supervisor.got) == 1


async def test_a_host_whose_collector_is_older_than_the_pinned_one_gets_nothing(world):
    host = await world.enrol("web-1")
    old = {"service.name": "otelcol-contrib", "service.version": "0.120.0"}
    agent = await world.connect(host, attributes=old)
    assert (await world.get(host)).state is HostState.INCOMPATIBLE
    assert agent.supervisor.got == []


async def test_a_second_live_supervisor_with_the_credential_gets_nothing_until_the_first_is_gone(world, proved):
    host, first = proved
    second = await world.connect(host, uid="uid-2")
    found = await world.get(host)
    assert (found.state, found.uid) == (HostState.CLASH, "uid-1")
    assert "uid-2" in found.reason
    assert second.supervisor.got == []
    await world.leave(first)
    await world.agents.reported(second, World.full(second))
    found = await world.get(host)
    assert (found.state, found.uid) == (HostState.CONNECTED, "uid-2")
    assert second.supervisor.got == first.supervisor.got


async def test_a_clash_ends_when_the_newcomer_leaves(world, proved):
    host, first = proved
    second = await world.connect(host, uid="uid-2")
    await world.leave(second)
    found = await world.get(host)
    assert (found.state, found.uid) == (HostState.CONNECTED, "uid-1")
    assert not first.gone


async def test_a_new_uid_of_the_same_credential_is_taken_when_the_old_socket_is_gone(world, proved):
    host, first = proved
    await world.leave(first)
    second = await world.connect(host, uid="uid-2")
    assert (await world.get(host)).uid == "uid-2"
    assert ("uid_changed", None) in await world.history(host)
    assert second.supervisor.got == first.supervisor.got, "a fresh supervisor gets the config again"


async def test_a_host_that_comes_back_with_its_config_is_offered_nothing(world, proved):
    host, agent = proved
    await world.leave(agent)
    back = await world.connect(host, agent.supervisor)
    await world.step()
    assert len(back.supervisor.got) == 1
    assert (await world.get(host)).proved == host.proved


async def test_drift_brings_the_wanted_config_back_under_a_new_revision(world, proved):
    host, agent = proved
    other = "service:\n  telemetry:\n    resource:\n      phoenix.revision: rev-somebody-elses\n"
    await world.agents.reported(agent, AgentReport(effective=other))
    for _ in range(5):
        await world.step(10)
    assert len(agent.supervisor.got) == 1, "a difference of a moment is no drift"
    await world.step(15)
    assert len(agent.supervisor.got) == 2
    await world.prove(host, agent)
    found = await world.get(host)
    assert found.proved == found.desired == found.verified
    assert found.proved != host.proved


async def test_a_config_that_is_applied_and_never_run_is_offered_again_under_a_new_revision(world):
    # Its first offer came while the supervisor started: the collector runs without it, and well.
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    world.telemetry.readings.clear()
    (offered,) = agent.supervisor.got
    agent.supervisor.waiting.clear()
    idle = "service:\n  extensions: [opamp]\n"
    applied = AgentReport(status=ConfigStatus.APPLIED, status_digest=offered, effective=idle, health=HEALTHY)
    await world.agents.reported(agent, applied)
    await world.step(15)
    assert agent.supervisor.got == [offered], "a collector may take a moment to say what it runs"
    await world.step(10)
    assert len(agent.supervisor.got) == 2
    await world.prove(host, agent)
    found = await world.get(host)
    assert found.proved == found.desired == found.verified != host.desired


async def test_a_production_exporter_that_fails_for_long_brings_the_verified_one_back(world, proved):
    host, agent = proved
    candidate = await world.candidate(purpose=Purpose.STEADY)
    await world.want(host, candidate, Fate.GOOD, agent)
    await world.talk(agent)
    for failed in range(8):
        world.clock.step(10)
        await world.report(host, agent, sent=0, send_failed=100 * failed)
    found = await world.get(host)
    assert found.failure is not None
    assert found.failure.code is FailureCode.EXPORTER_FAILING
    assert "otlp_http/vendor" in found.failure.text
    assert agent.supervisor.got[-1] == agent.supervisor.got[0]


async def test_an_exporter_with_nothing_to_send_neither_proves_nor_fails_a_steady_config(world, proved):
    host, agent = proved
    candidate = await world.candidate(purpose=Purpose.STEADY)
    await world.want(host, candidate, Fate.GOOD, agent)
    await world.talk(agent)
    for _ in range(12):
        world.clock.step(10)
        await world.report(host, agent, sent=0)
    found = await world.get(host)
    assert (found.phase, found.proved, found.failure) == (Phase.APPLIED, None, None)


async def test_no_telemetry_at_all_fails_nothing(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.GOOD, agent)
    await world.talk(agent)
    for _ in range(50):
        await world.step(10)
    found = await world.get(host)
    assert (found.phase, found.failure) == (Phase.APPLIED, None)
    assert agent.supervisor.got[-1] == candidate.digest


async def test_an_offer_that_cannot_be_sent_is_sent_when_the_host_is_back(world, proved):
    host, agent = proved
    agent.gone = True
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.GOOD, agent)
    assert candidate.digest not in agent.supervisor.got
    await world.leave(agent)
    back = await world.connect(host, agent.supervisor)
    assert back.supervisor.got[-1] == candidate.digest


async def test_silent_and_lost_follow_from_when_a_host_was_heard(world, proved, clock):
    host, agent = proved
    await world.leave(agent)
    clock.step(100)
    assert (await world.get(host)).state is HostState.SILENT
    clock.step(900)
    assert (await world.get(host)).state is HostState.LOST


async def test_heartbeats_reach_the_database_in_bulk_only(world, proved, clock):
    host, _ = proved
    before = (await world.get(host)).last_seen
    await world.step(5)
    assert (await world.get(host)).last_seen == before
    await world.step(15)
    assert (await world.get(host)).last_seen == clock.now()


async def test_an_agent_without_a_hosts_credential_is_sent_away(world):
    host = await world.enrol("web-1")
    unknown = type(host)("host-unknown", "x", {}, host.state, host.enrolled_at)
    agent = await world.connect(unknown)
    assert agent.closed


async def crash(world, agent, pid):
    text = f"Agent process PID={pid} exited unexpectedly, exit code=1. Will restart in a bit..."
    await world.agents.reported(agent, AgentReport(health=Health(healthy=False, status="", error=text, components={})))


# -- after a kill -9 of the server, at each phase


@pytest.mark.parametrize("told", range(3))
@pytest.mark.parametrize("fate", [Fate.GOOD, Fate.CRASHES, Fate.REFUSED])
async def test_everything_resumes_from_rows_after_a_kill(world, proved, fate, told):
    host, agent = proved
    candidate = await world.candidate()
    await world.want(host, candidate, fate, agent)
    for _ in range(min(told, len(agent.supervisor.waiting))):
        status, digest, text = agent.supervisor.waiting.pop(0)
        await world.agents.reported(agent, AgentReport(status=status, status_digest=digest, status_error=text))
    killed, world = world, world.restarted()
    assert killed.agents.sessions
    agent.supervisor.waiting.clear()
    back = await world.connect(host, agent.supervisor)
    await world.talk(back)
    world.telemetry.arms["exp-1", host.id, "baseline"] = world.clock.now()
    await world.prove(host, back)
    found = await world.get(host)
    if fate is Fate.GOOD:
        assert found.proved == candidate.id
    else:
        assert found.proved == host.verified
        assert found.failure is not None
        assert found.failure.revision == candidate.id
    assert agent.supervisor.got.count(candidate.digest) == 1


async def test_a_replica_that_lost_a_host_lets_its_socket_go_and_writes_no_more(world, proved):
    host, agent = proved
    candidate = await world.candidate()
    other = world.restarted()
    moved = await other.connect(host, agent.supervisor)
    await world.agents.reported(agent, AgentReport(status=ConfigStatus.FAILED, status_digest=agent.supervisor.last))
    assert agent.closed
    assert host.id not in world.agents.sessions
    await other.want(host, candidate, Fate.GOOD, moved)
    assert moved.supervisor.got[-1] == candidate.digest
    assert (await other.get(host)).phase is Phase.OFFERED


async def test_fences_are_seen_without_any_write(world, proved):
    host, agent = proved
    other = world.restarted()
    await other.connect(host, StockSupervisor(), uid="uid-2")
    await world.step(11)
    assert agent.closed
    assert world.agents.sessions == {}
