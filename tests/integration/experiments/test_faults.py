"""What can go wrong while an experiment runs, and that the host is back before that is said."""

import pytest
from tests.support.experiments.bench import Bench

from phoenix.control.experiments.errors import NoResultError
from phoenix.control.experiments.model import Phase
from phoenix.control.fleet.errors import ConfigRefusedError

pytestmark = pytest.mark.anyio

ENDS = (Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED)


async def test_a_critical_process_that_the_candidate_loses_ends_it_with_the_reason(bench):
    bench.behave(critical=1)
    done = await bench.until(await bench.create(), *ENDS)
    (host,) = await bench.hosts()
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_GUARDRAIL_TRIPPED")
    assert "'nginx'" in done.reason
    assert done.result is not None
    assert (host.proved, host.verified) == (host.verified, host.desired)


async def test_a_critical_pattern_that_turns_out_to_match_nothing_ends_it_unless_it_may(bench):
    done = await bench.until(await bench.create(critical=("nginx", "postgres")), *ENDS)
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_CRITICAL_UNMATCHED")
    assert done.cause.details["patterns"] == ["postgres"]
    made = await bench.create(critical=("nginx", "postgres"), allow_unmatched=True)
    assert (await bench.until(made, *ENDS)).phase is Phase.COMPLETED


async def test_a_production_exporter_that_fails_more_than_before_ends_it(bench):
    bench.behave(production_fails=True)
    done = await bench.until(await bench.create(), *ENDS)
    assert done.cause.details["guardrail"]["name"] == "failures"


async def test_a_candidate_that_drops_everything_is_measured_as_zero(bench):
    bench.behave(drops_all=True, critical=0)
    done = await bench.until(await bench.create(), *ENDS)
    assert done.cause.details["guardrail"]["name"] == "critical_processes"
    assert done.result["arms"]["candidate"]["points"] == 0
    assert done.result["saving_percent"]["points"] == 100.0


async def test_a_host_that_refuses_the_config_ends_it_with_what_the_host_said(bench):
    bench.behave(fails=True)
    done = await bench.until(await bench.create(), *ENDS)
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_HOST_FAILED")
    assert "address already in use" in done.reason
    assert done.progress == {}


async def test_a_host_that_never_proves_the_config_ends_it_by_name(bench):
    bench.behave(proves=False)
    made = await bench.create()
    done = await bench.until(made, *ENDS, seconds=1000)
    assert (done.phase, done.cause.code) == (Phase.FAILED, "DEPLOYMENT_TIMEOUT")
    assert "web-1" in done.reason


async def test_a_candidate_that_holds_production_up_ends_it_before_anything_is_proved(bench):
    bench.behave(proves=False, stuck=True)
    done = await bench.until(await bench.create(), *ENDS, seconds=120)
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_GUARDRAIL_TRIPPED")
    assert done.cause.details["guardrail"]["name"] == "candidate_behind"
    assert (await bench.hosts())[0].desired != done.revision


async def test_a_config_that_the_collector_refuses_ends_it_before_a_host_is_touched(bench):
    made = await bench.create(start=False)
    desired = [host.desired for host in await bench.hosts()]

    async def refuse(text):
        raise ConfigRefusedError("line 1: no", findings=[])

    bench.checker.check = refuse
    async with bench.database.transaction() as session:
        await bench.experiments.start(session, made.id, actor="usr-1", now=bench.clock.now())
    done = await bench.until(made, *ENDS)
    assert (done.phase, done.cause.code, done.revision) == (Phase.FAILED, "CONFIG_REFUSED", None)
    assert [host.desired for host in await bench.hosts()] == desired
    assert bench.meter.opened == {}


async def test_our_ingest_being_away_pauses_and_rolls_nothing_back(bench):
    made = await bench.create(windows=4)
    running = await bench.until(made, Phase.RUNNING)
    bench.behave(muted=(bench.clock.seconds, bench.clock.seconds + 400))
    await bench.advance(300)
    paused = await bench.get(made)
    assert paused.phase is Phase.RUNNING
    assert "our ingest may be away" in paused.waiting
    assert paused.deadline > running.deadline
    assert (await bench.until(made, *ENDS)).phase is Phase.COMPLETED


async def test_a_pause_without_end_ends_it_and_says_that_telemetry_was_away(bench):
    made = await bench.create(windows=4)
    await bench.until(made, Phase.RUNNING)
    bench.behave(muted=(bench.clock.seconds, 1e6))
    done = await bench.until(made, *ENDS, seconds=bench.limits.paused_seconds + 300)
    (host,) = await bench.hosts()
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_TELEMETRY_AWAY")
    assert host.desired == host.verified


async def test_silence_while_other_hosts_get_through_is_not_our_ingests(bench):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    await bench.advance(60)
    bench.behave(muted=(bench.clock.seconds, 1e6))
    for _ in range(30):
        bench.meter.others_at = bench.clock.seconds
        await bench.advance(10)
    done = await bench.until(made, *ENDS)
    assert done.cause.details["guardrail"]["name"] == "no_data"


async def test_windows_that_the_ingest_lost_are_never_counted(bench):
    made = await bench.create(windows=6)
    await bench.until(made, Phase.RUNNING)
    await bench.advance(60)
    bench.behave(muted=(bench.clock.seconds, bench.clock.seconds + 60))
    done = await bench.until(made, *ENDS)
    async with bench.database.read() as session:
        windows = await bench.experiments.metrics(session, done.id)
    assert done.phase is Phase.COMPLETED
    assert {it["no_data"]["kind"] for it in windows if "no_data" in it} >= {"warm_up", "lost"}
    assert all(it["baseline"]["points"] == 30 for it in windows if "baseline" in it)


async def test_the_server_being_away_takes_no_time_off_an_experiment(bench):
    made = await bench.create(windows=4, duration_seconds=120)
    await bench.until(made, Phase.RUNNING)
    bench.restart()
    await bench.advance(600, serving=False)
    await bench.advance(5)
    assert (await bench.get(made)).phase is not Phase.FAILED
    assert (await bench.until(made, *ENDS)).phase is Phase.COMPLETED


@pytest.mark.parametrize("seconds", [-20, 3600])
@pytest.mark.parametrize("phase", [Phase.DEPLOYING, Phase.RUNNING, Phase.RESTORING])
async def test_a_clock_that_is_set_ends_no_phase(bench, phase, seconds):
    bench.behave(proves=phase is not Phase.DEPLOYING, away=False)
    made = await bench.create(windows=4)
    if phase is Phase.RESTORING:
        await bench.until(made, Phase.RUNNING)
        bench.behave(away=True)
        async with bench.database.transaction() as session:
            await bench.experiments.stop(session, made.id, reason="", actor="usr-1", now=bench.clock.now())
    else:
        await bench.until(made, phase)
    bench.clock.set_by = seconds
    await bench.advance(10)
    assert (await bench.get(made)).phase is phase
    bench.behave(proves=True, away=False)
    assert (await bench.until(made, *ENDS)).phase in (Phase.COMPLETED, Phase.CANCELLED)


async def test_a_host_that_goes_away_alone_ends_it_after_windows_without_data(bench):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    await bench.advance(60)
    bench.behave(away=True, muted=(bench.clock.seconds, 1e6))
    done = await bench.until(made, *ENDS, seconds=1500)
    assert (done.phase, done.cause.details["guardrail"]["name"]) == (Phase.FAILED, "no_data")
    assert "Not back yet: web-1" in done.reason


async def test_an_experiment_in_which_nothing_is_ever_complete_ends_with_that_said(bench):
    made = await bench.create(duration_seconds=60)
    await bench.until(made, Phase.RUNNING)
    for behaviour in bench.meter.behaviours.values():
        behaviour.muted = (0, 1)
    bench.meter.watermark = lambda *_: None

    async def nothing(*_arguments):
        return {}

    bench.meter.windows = nothing
    done = await bench.until(made, *ENDS)
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_NO_DATA")
    with pytest.raises(NoResultError):
        async with bench.database.read() as session:
            await bench.experiments.compare(session, made.id)


async def test_a_host_that_is_given_another_config_ends_it(bench):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    async with bench.database.transaction() as session:
        (host,) = await bench.fleet.many(session, list(bench.meter.behaviours))
        await bench.fleet.set_desired(session, [host.id], host.verified, reason="somebody else", now=bench.clock.now())
    done = await bench.until(made, *ENDS)
    assert "given another config: somebody else" in done.reason


async def test_one_experiment_that_cannot_be_stepped_does_not_hold_up_the_others(database, monkeypatch):
    bench = Bench(database)
    await bench.prepare("web-1", "web-2")
    broken = await bench.create(target_nodes="name=web-1")
    fine = await bench.create(target_nodes="name=web-2")
    windows = bench.meter.windows

    async def breaks(session, experiment, since=0):
        if experiment == broken.id:
            raise OSError("disk full")
        return await windows(session, experiment, since)

    monkeypatch.setattr(bench.meter, "windows", breaks)
    assert (await bench.until(fine, *ENDS)).phase is Phase.COMPLETED
    assert (await bench.get(broken)).phase is Phase.DEPLOYING
    done = await bench.until(broken, *ENDS)
    assert done.cause is not None
    assert (done.phase, done.cause.code) == (Phase.FAILED, "EXPERIMENT_STEP_FAILED")
    assert "disk full" in done.reason
    hosts = await bench.hosts()
    assert [host.desired for host in hosts] == [host.verified for host in hosts]
