"""An experiment from its start to its end, on both databases."""

from dataclasses import replace

import pytest
from tests.support.experiments.bench import Bench

from phoenix.control.audit import service as audit
from phoenix.control.claims import service as claims
from phoenix.control.claims.errors import OverlapError
from phoenix.control.events import service as events
from phoenix.control.experiments.errors import IllegalTransitionError
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.model import MOVING, Phase, Resolution, Verdict

pytestmark = pytest.mark.anyio

ENDS = (Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED)


async def test_completes_with_what_was_measured_and_the_host_back(bench):
    made = await bench.create()
    done = await bench.until(made, *ENDS)
    assert (done.phase, done.verdict, done.resolution) == (Phase.COMPLETED, Verdict.MEASURED, Resolution.BASELINE_KEPT)
    async with bench.database.read() as session:
        result = await bench.experiments.compare(session, done.id)
        history = await bench.experiments.history(session, done.id)
        held = await claims.held_by(session, done.id)
        entries = await audit.entries(session, done.id)
        told = await events.after(session, 0, 200)
    assert {"experiment", "arms", "collector", "saving_percent", "loss", "guardrails", "verdict"} <= set(result)
    assert result["experiment"]["phase"] == "completed"
    assert result["experiment"]["windows"] >= 2
    assert (result["arms"]["baseline"]["series"], result["arms"]["candidate"]["series"]) == (10, 4)
    assert result["arms"]["candidate"]["processor_seconds"] > 0
    assert result["saving_percent"]["series"] == pytest.approx(60.0)
    assert result["collector"]["before"]["memory_bytes"] == result["collector"]["during"]["memory_bytes"]
    assert all(guardrail["state"] == "ok" for guardrail in result["guardrails"] if guardrail["name"] != "no_data")
    assert [it.target for it in history] == [
        Phase.INITIALIZING,
        Phase.DEPLOYING,
        Phase.RUNNING,
        Phase.ANALYZING,
        Phase.RESTORING,
        Phase.COMPLETED,
    ]
    assert held == ()
    assert {"experiment.created", "experiment.completed"} <= {entry.action for entry in entries}
    assert "experiment.phase_changed" in {it.kind for it in told}
    (host,) = await bench.hosts()
    assert host.proved == host.desired == host.verified != done.revision
    assert done.id in bench.meter.closed


async def test_counts_what_happened(bench):
    made = await bench.create()
    assert bench.counted("phoenix_experiment_state_transitions_total", source="pending", target="initializing") == 1
    await bench.until(made, Phase.RUNNING)
    assert bench.counted("phoenix_experiments_active") == 1
    await bench.until(made, *ENDS)
    assert bench.counted("phoenix_experiments_total", outcome="completed") == 1
    assert bench.counted("phoenix_experiment_duration_seconds_count", outcome="completed") == 1


async def test_every_host_gives_the_windows_asked_for(database):
    bench = Bench(database)
    await bench.prepare("web-1", "web-2", "web-3")
    done = await bench.until(await bench.create(windows=3), *ENDS)
    assert done.phase is Phase.COMPLETED
    assert done.progress["fewest"] >= 3
    assert [it.name for it in done.hosts] == ["web-1", "web-2", "web-3"]


@pytest.mark.parametrize("phase", sorted(MOVING))
async def test_goes_on_after_the_server_was_killed_in_any_phase(bench, phase):
    made = await bench.create()
    bench.loop._steps[phase] = _Killed()
    assert (await bench.until(made, phase)).phase is phase
    bench.restart()
    done = await bench.until(made, *ENDS)
    async with bench.database.read() as session:
        history = await bench.experiments.history(session, made.id)
        revision = await bench.fleet.revision(session, done.revision)
    assert done.phase is Phase.COMPLETED
    assert len({it.target for it in history}) == len(history)
    assert revision.experiment == made.id
    (host,) = await bench.hosts()
    assert host.proved == host.desired == host.verified


class _Killed:
    """Dies before it has done anything."""

    async def look(self, *_arguments):
        raise OSError("killed")


@pytest.mark.parametrize("phase", sorted(MOVING))
async def test_nothing_is_half_done_when_it_is_killed_in_the_middle_of_a_step(bench, phase):
    made = await bench.create()
    step = bench.loop._steps[phase]
    bench.loop._steps[phase] = _Dying(step)
    await bench.advance(120)
    stuck = await bench.get(made)
    assert stuck.phase is phase
    bench.restart()
    assert (await bench.until(made, *ENDS)).phase is Phase.COMPLETED
    async with bench.database.read() as session:
        history = await bench.experiments.history(session, made.id)
    assert len({it.target for it in history}) == len(history)


class _Dying:
    """Does everything of a step, and dies before it commits."""

    def __init__(self, step):
        self._step = step
        self.look = step.look

    async def act(self, session, experiment, seen, now):
        await self._step.act(session, experiment, seen, now)
        raise OSError("killed")


async def test_two_processes_do_not_step_on_each_other(bench):
    other = Bench(bench.database, clock=bench.clock)
    other.meter, other.fleet, other.pipelines = bench.meter, bench.fleet, bench.pipelines
    other.restart()
    made = await bench.create()
    for _ in range(60):
        await bench.advance(5, serving=True)
        await other.loop.step()
    async with bench.database.read() as session:
        history = await bench.experiments.history(session, made.id)
    assert history[-1].target is Phase.COMPLETED
    assert len({it.target for it in history}) == len(history)


async def test_stop_cancels_once_the_host_is_back_and_keeps_what_was_measured(bench):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    await bench.advance(60)
    async with bench.database.transaction() as session:
        stopping = await bench.experiments.stop(session, made.id, reason="enough", actor="usr-1", now=bench.clock.now())
        again = await bench.experiments.stop(session, made.id, reason="more", actor="usr-1", now=bench.clock.now())
    assert (stopping.phase, again.reason) == (Phase.RESTORING, "enough")
    done = await bench.until(made, *ENDS)
    (host,) = await bench.hosts()
    assert (done.phase, done.reason, done.verdict) == (Phase.CANCELLED, "enough", None)
    assert done.result is not None
    assert host.proved == host.verified


async def test_stopping_reads_no_windows_while_it_keeps_others_from_writing(bench, monkeypatch):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    await bench.advance(60)
    with monkeypatch.context() as patched:
        patched.setattr(bench.meter, "windows", None)
        async with bench.database.transaction() as session:
            await bench.experiments.stop(session, made.id, reason="", actor="usr-1", now=bench.clock.now())
    assert (await bench.until(made, *ENDS)).result is not None


async def test_a_stopped_experiment_that_cannot_be_compared_ends_all_the_same(bench, monkeypatch):
    made = await bench.create(windows=50)
    await bench.until(made, Phase.RUNNING)
    async with bench.database.transaction() as session:
        await bench.experiments.stop(session, made.id, reason="", actor="usr-1", now=bench.clock.now())
    monkeypatch.setattr(bench.meter, "windows", None)
    assert (await bench.until(made, *ENDS)).phase is Phase.CANCELLED


async def test_an_experiment_that_was_never_started_is_cancelled_without_touching_a_host(bench):
    made = await bench.create(start=False)
    desired = [host.desired for host in await bench.hosts()]
    async with bench.database.transaction() as session:
        await bench.experiments.stop(session, made.id, reason="no", actor="usr-1", now=bench.clock.now())
    assert (await bench.until(made, *ENDS)).phase is Phase.CANCELLED
    assert [host.desired for host in await bench.hosts()] == desired


async def test_an_experiment_that_has_ended_cannot_be_stopped_or_started(bench):
    done = await bench.until(await bench.create(), *ENDS)
    for call in (bench.experiments.start, bench.experiments.retry):
        with pytest.raises(IllegalTransitionError):
            async with bench.database.transaction() as session:
                await call(session, done.id, actor="usr-1", now=bench.clock.now())
    with pytest.raises(IllegalTransitionError):
        async with bench.database.transaction() as session:
            await bench.experiments.stop(session, done.id, reason="", actor="usr-1", now=bench.clock.now())


async def test_a_retry_is_composed_anew_and_leaves_out_the_windows_of_the_attempt_before(bench):
    bench.behave(critical=1)
    made = await bench.create()
    failed = await bench.until(made, *ENDS)
    assert failed.phase is Phase.FAILED
    bench.behave(critical=2)
    async with bench.database.transaction() as session:
        again = await bench.experiments.retry(session, made.id, actor="usr-1", now=bench.clock.now(), deploy_seconds=60)
    assert (again.attempt, again.cause, again.deploy_seconds) == (2, None, 60)
    done = await bench.until(made, *ENDS)
    assert (done.phase, done.revision != failed.revision) == (Phase.COMPLETED, True)
    assert (
        done.result["details"]["critical_processes"]["kept"] == done.result["details"]["critical_processes"]["expected"]
    )


async def test_of_two_experiments_on_one_host_only_one_can_begin(bench):
    first = await bench.create()
    with pytest.raises(OverlapError):
        await bench.create()
    await bench.until(first, *ENDS)
    await bench.until(await bench.create(), Phase.RUNNING)


async def test_a_host_that_is_away_at_the_end_is_named_and_still_to_be_restored(database):
    bench = Bench(database, limits=replace(ExperimentLimits(), restore_seconds=60))
    await bench.prepare("web-1", "web-2")
    made = await bench.create()
    await bench.until(made, Phase.RUNNING)
    away = (await bench.get(made)).hosts[0]
    bench.meter.behaviours[away.host].away = True
    async with database.transaction() as session:
        await bench.experiments.stop(session, made.id, reason="enough", actor="usr-1", now=bench.clock.now())
    done = await bench.until(made, *ENDS)
    assert done.reason == f"enough. Not back yet: {away.name}"
    assert [bool(it.note) for it in done.hosts] == [True, False]
    bench.meter.behaviours[away.host].away = False
    await bench.advance(10)
    assert all(host.proved == host.verified for host in await bench.hosts())
