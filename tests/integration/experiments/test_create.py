"""What is said, and refused, before an experiment begins; and what promoting does. On both databases."""

import pytest
from sqlalchemy import func, select, update
from tests.support.experiments.bench import BASELINE, CANDIDATE
from tests.support.experiments.meter import Behaviour

from phoenix.control.audit import service as audit
from phoenix.control.experiments.errors import (
    CriticalUnmatchedError,
    ExperimentInvalidError,
    ExperimentNotFoundError,
    NodesNotFoundError,
    NotPromotableError,
    TrafficSplitError,
)
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.making.wanted import Wanted
from phoenix.control.experiments.model import Phase, Resolution
from phoenix.control.experiments.operations import operations
from phoenix.control.experiments.schemas import ExperimentCreate
from phoenix.control.fleet.tables import HostRow
from phoenix.control.pipelines.errors import PipelineNotFoundError
from phoenix.control.pipelines.tables import PipelineVersionRow
from phoenix.edge.operation import Call
from phoenix.edge.principal import Principal, PrincipalKind

pytestmark = pytest.mark.anyio

ENDS = (Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED)
ALICE = Principal("usr-1", PrincipalKind.USER, "alice", frozenset({"experiments:write"}))


async def plan(bench, candidate="less", **changes):
    async with bench.database.transaction() as session:
        wanted = Wanted(
            baseline_pipeline="everything", candidate_pipeline=candidate, **({"target_nodes": "app=web"} | changes)
        )
        return await bench.experiments.plan(session, wanted, actor="usr-1", now=bench.clock.now())


async def call(bench, name, request):
    operation = next(it for it in operations(bench.experiments) if it.name == f"experiments.{name}")
    asked = operation.request.model_validate(request)
    async with bench.database.transaction() as session:
        answer = await operation.call(Call(session, ALICE, bench.clock.now(), "req-1"), asked)
    return operation.response.model_validate_json(answer.model_dump_json()).model_dump()


async def test_a_plan_says_which_hosts_restart_and_what_the_copy_costs(bench):
    made = await plan(bench)
    assert [host.name for host in made.selected.hosts] == ["web-1"]
    assert "restarts once at the start and once at the end" in made.restarts
    (cost,) = made.copy_cost.values()
    assert cost.points_per_second == pytest.approx(40.0, rel=0.2)
    assert cost.bytes_per_second is None


async def test_a_plan_warns_of_a_baseline_without_the_exporters_of_production(bench):
    assert not any("Production changes" in note for note in (await plan(bench)).notes)
    async with bench.database.transaction() as session:
        text = BASELINE.replace("otlp_http/vendor", "otlp_http/elsewhere")
        await bench.pipelines.create(session, name="other", text=text, actor="usr-1", now=bench.clock.now())
        wanted = Wanted(baseline_pipeline="other", candidate_pipeline="less", target_nodes="app=web")
        made = await bench.experiments.plan(session, wanted, actor="usr-1", now=bench.clock.now())
    assert "web-1 sends to otlp_http/vendor now, which the baseline lacks" in made.notes[0]


async def test_a_plan_knows_bytes_and_processes_of_the_experiment_before(bench):
    await bench.until(await bench.create(), *ENDS)
    made = await plan(bench, critical=("nginx", "process.owner=root"))
    (cost,) = made.copy_cost.values()
    assert cost.bytes_per_second == pytest.approx(50 * cost.points_per_second)
    assert made.critical == {"nginx": ("nginx",), "process.owner=root": None}
    with pytest.raises(CriticalUnmatchedError):
        await plan(bench, critical=("postgres",))
    assert (await plan(bench, critical=("postgres",), allow_unmatched=True)).critical == {"postgres": ()}


async def test_a_plan_makes_nothing(bench):
    async with bench.database.read() as session:
        before = await session.scalar(select(func.count()).select_from(PipelineVersionRow))
    await plan(bench)
    await plan(bench, candidate="process-priority-filter-v1")
    async with bench.database.read() as session:
        assert await bench.experiments.select(session) == []
        assert await session.scalar(select(func.count()).select_from(PipelineVersionRow)) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"windows": 0}, "windows"),
        ({"window_seconds": 0.5}, "window_seconds"),
        ({"warm_up": 0}, "warm_up"),
        ({"duration_seconds": 10.0}, "duration_seconds"),
        ({"min_cost_reduction": 120.0}, "min_cost_reduction"),
        ({"critical": ("(",)}, "critical_processes"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(bench, changes, field):
    with pytest.raises(ExperimentInvalidError, match=field):
        await plan(bench, **changes)


async def test_a_window_in_which_a_component_may_let_nothing_out_is_refused_by_its_name(bench):
    gathers = CANDIDATE.replace("processors: {", "processors: {interval/slow: {interval: 30s}, ").replace(
        "processors: [filter/idle]", "processors: [filter/idle, interval/slow]"
    )
    async with bench.database.transaction() as session:
        await bench.pipelines.create(session, name="gathers", text=gathers, actor="usr-1", now=bench.clock.now())
    with pytest.raises(ExperimentInvalidError, match="interval/phoenix_candidate_slow may let nothing out") as refused:
        await plan(bench, candidate="gathers", window_seconds=15.0)
    assert refused.value.details["least_seconds"] == 30.0
    await plan(bench, candidate="gathers", window_seconds=30.0)
    with pytest.raises(ExperimentInvalidError, match="host_metrics may let nothing out"):
        await plan(bench, window_seconds=2.0)


async def test_critical_processes_that_nobody_names_are_those_of_the_server(bench):
    limits = ExperimentLimits(critical=("nginx", "kafka"))

    def wanted(**more):
        made = ExperimentCreate(baseline_pipeline="a", candidate_pipeline="b", **more).wanted(limits)
        return made.critical, made.allow_unmatched

    assert wanted() == (("nginx", "kafka"), True)
    assert wanted(allow_unmatched=False) == (("nginx", "kafka"), False)
    assert wanted(critical_processes=()) == ((), False)
    assert wanted(critical_processes=("db",)) == (("db",), False)


async def test_what_runs_on_a_host_that_was_in_no_experiment_is_not_known(bench):
    await bench.until(await bench.create(), *ENDS)
    async with bench.database.transaction() as session:
        enrolled = await bench.fleet.enrol(
            session, name="db-1", labels={"app": "web"}, config_text=BASELINE, now=bench.clock.now()
        )
    bench.meter.behaviours[enrolled.host.id] = Behaviour()
    await bench.advance(40)
    assert (await plan(bench, critical=("postgres",))).critical == {"postgres": None}


async def test_two_equal_pipelines_are_no_experiment(bench):
    with pytest.raises(ExperimentInvalidError, match="candidate_pipeline"):
        await plan(bench, candidate="everything")


async def test_a_selector_that_means_no_host_is_refused(bench):
    with pytest.raises(NodesNotFoundError):
        await plan(bench, target_nodes="app=db")


async def test_a_host_whose_own_config_was_never_proved_is_left_out(bench):
    async with bench.database.transaction() as session:
        await session.execute(update(HostRow).values(proved=None, verified=None))
    with pytest.raises(NodesNotFoundError, match="web-1: connected, but its own config is not proved yet"):
        await plan(bench)


async def test_a_host_that_is_away_is_left_out_by_name(bench):
    bench.behave(away=True)
    bench.clock.seconds += 300
    with pytest.raises(NodesNotFoundError, match="web-1: silent, last heard"):
        await plan(bench)


async def test_a_pipeline_that_does_not_exist_is_refused(bench):
    with pytest.raises(PipelineNotFoundError):
        await plan(bench, candidate="nothing")


async def test_a_traffic_split_is_refused_by_name():
    request = ExperimentCreate(baseline_pipeline="a", candidate_pipeline="b", traffic_split="50/50")
    with pytest.raises(TrafficSplitError, match="traffic_split"):
        request.wanted(ExperimentLimits())


async def test_an_experiment_that_does_not_exist_is_not_found(bench):
    with pytest.raises(ExperimentNotFoundError):
        async with bench.database.read() as session:
            await bench.experiments.get(session, "exp-none")


async def test_the_api_creates_follows_and_compares(bench):
    asked = {
        "baseline_pipeline": "everything",
        "candidate_pipeline": "less",
        "target_nodes": "app=web",
        "critical_processes": ["nginx"],
        "windows": 2,
        "window_seconds": 15,
        "min_cost_reduction": 40,
        "max_data_loss": 5,
        "metadata": {"ticket": "42"},
    }
    planned = await call(bench, "create", asked | {"dry_run": True})
    assert planned["experiment"] is None
    assert planned["plan"]["hosts"][0]["name"] == "web-1"
    assert planned["plan"]["copy"][planned["plan"]["hosts"][0]["id"]]["points_per_second"] > 0
    made = (await call(bench, "create", asked | {"start": True}))["experiment"]
    reference = {"experiment_id": made["id"]}
    assert made["phase"] == "initializing"
    await bench.until(await bench.get(_Id(made["id"])), *ENDS)
    status = await call(bench, "status", reference)
    assert (status["phase"], status["windows"]["wanted"]) == ("completed", 2)
    assert [it["target"] for it in status["history"]][-1] == "completed"
    assert {it["name"] for it in status["guardrails"]} >= {"critical_processes", "corruption", "failures", "no_data"}
    metrics = await call(bench, "metrics", reference)
    assert metrics["items"][-1]["baseline"]["series"] == 10
    result = await call(bench, "compare", reference)
    assert set(result) == {
        "experiment",
        "arms",
        "collector",
        "saving_percent",
        "loss",
        "guardrails",
        "verdict",
        "details",
    }
    assert {"series", "points", "bytes", "critical_processes", "processor_seconds"} <= set(result["arms"]["baseline"])
    assert {"series", "points", "bytes", "datadog-classic"} <= set(result["saving_percent"])
    assert result["details"]["criteria"]["min_cost_reduction"]["met"] is True
    assert result["details"]["criteria"]["max_data_loss"]["met"] is False
    listed = await call(bench, "list", {"phase": "completed"})
    assert ([it["id"] for it in listed["items"]], listed["next_before"]) == ([made["id"]], None)
    assert (await call(bench, "get", reference))["metadata"] == {"ticket": "42"}


class _Id:
    def __init__(self, experiment_id):
        self.id = experiment_id


async def test_lists_the_newest_first_page_by_page(bench):
    made = []
    for _ in range(3):
        made.append((await bench.create(start=False)).id)
        bench.clock.seconds += 1
    first = await call(bench, "list", {"limit": 2})
    second = await call(bench, "list", {"limit": 2, "before": first["next_before"]})
    assert [it["id"] for it in (*first["items"], *second["items"])] == made[::-1]
    assert second["next_before"] is None


async def test_promoting_makes_hosts_run_the_candidate_with_the_baselines_exporters(bench):
    done = await bench.until(await bench.create(), *ENDS)
    await call(bench, "promote", {"experiment_id": done.id, "reason": "it is cheaper"})
    (host,) = await bench.hosts()
    async with bench.database.read() as session:
        revision = await bench.fleet.revision(session, host.desired)
        entries = await audit.entries(session, done.id)
    assert (await bench.get(done)).resolution is Resolution.PROMOTED
    assert "filter/idle" in revision.document
    assert "https://vendor.example" in revision.document
    assert "phoenix" not in revision.document.partition("\n")[2]
    assert next(it for it in entries if it.action == "experiment.promoted").reason == "it is cheaper"
    await bench.advance(10)
    (host,) = await bench.hosts()
    assert host.proved == host.verified == revision.id
    async with bench.database.read() as session:
        assert (await bench.fleet.steady_document(session, host.id)).text != BASELINE
    with pytest.raises(NotPromotableError):
        await call(bench, "promote", {"experiment_id": done.id, "reason": "again"})


async def test_what_was_not_completed_cannot_be_promoted(bench):
    made = await bench.create()
    with pytest.raises(NotPromotableError):
        await call(bench, "promote", {"experiment_id": made.id, "reason": "now"})
