"""`phoenix experiment`: from options to requests, and from answers to what is written."""

import json

import httpx
import pytest
from tests.support.command_lines import options_of
from tests.support.experiment_documents import COMPARISON, EXPERIMENT, GAP, PLAN, STATUS, WINDOW
from tests.support.fake_server import FakeServer, problem

from phoenix.cli.experiment.create import CreateOptions
from phoenix.cli.experiment.list import ListOptions
from phoenix.cli.experiment.retry import RetryOptions
from phoenix.cli.experiment.status import StatusOptions
from phoenix.cli.experiment.stop import StopOptions
from phoenix.settings.model import Settings

CREATED = {"experiment": {**EXPERIMENT, "started_at": None}, "plan": PLAN}
NAMES = ("--baseline", "process-baseline-v1", "--candidate", "process-topk-v1")


def test_create_takes_everything_from_flags(monkeypatch) -> None:
    line = ["-l", "app=web", "--critical", "postgres", "--windows", "4", "--window", "15s", "--duration", "1h"]
    more = ["--min-cost-reduction", "30", "--max-data-loss", "1", "--allow-unmatched", "--dry-run", "--name", "less"]
    asked = options_of(monkeypatch, "experiment", "create", *NAMES, *line, *more)
    assert asked == CreateOptions(
        None,
        {
            "baseline_pipeline": "process-baseline-v1",
            "candidate_pipeline": "process-topk-v1",
            "target_nodes": "app=web",
            "critical_processes": ["postgres"],
            "name": "less",
            "windows": 4,
            "window_seconds": 15.0,
            "duration_seconds": 3600.0,
            "min_cost_reduction": 30.0,
            "max_data_loss": 1.0,
            "allow_unmatched": True,
            "dry_run": True,
        },
    )


def test_the_others_take_what_they_need(monkeypatch) -> None:
    assert options_of(monkeypatch, "experiment", "list", "--phase", "running", "-A") == ListOptions(
        "running", everywhere=True
    )
    assert options_of(monkeypatch, "experiment", "status", "exp-1", "-w") == StatusOptions("exp-1", watch=True)
    assert options_of(monkeypatch, "experiment", "stop", "exp-1", "--reason", "late") == StopOptions("exp-1", "late")
    assert options_of(monkeypatch, "experiment", "retry", "exp-1", "--timeout", "10m") == RetryOptions("exp-1", 600.0)


def test_create_asks_for_what_the_flags_say_in_the_settings_namespace() -> None:
    server = FakeServer({"POST /experiments": CREATED})
    settings = Settings(namespace="team-a", critical_processes=("nginx",))
    finished = server.run("experiment", "create", *NAMES, settings=settings)
    assert finished.status == 0, finished.err
    assert server.asked[0][2] == {
        "baseline_pipeline": "process-baseline-v1",
        "candidate_pipeline": "process-topk-v1",
        "namespace": "team-a",
        "critical_processes": ["nginx"],
    }
    assert "Start it with: phoenix experiment start exp-1" in finished.out
    assert "at most 240.0 points/s" in finished.out


def test_create_leaves_the_critical_processes_to_the_server_where_nobody_names_any() -> None:
    server = FakeServer({"POST /experiments": CREATED})
    server.run("experiment", "create", *NAMES)
    assert server.asked[0][2].keys().isdisjoint({"critical_processes", "allow_unmatched"})


def test_create_reads_a_file_and_stores_the_config_beside_it(tmp_path) -> None:
    (tmp_path / "candidate.yaml").write_text("receivers: {}\n", encoding="utf-8")
    (tmp_path / "experiment.yaml").write_text(
        "baseline_pipeline: process-baseline-v1\ncandidate_pipeline: candidate.yaml\nwindows: 5\n", encoding="utf-8"
    )
    server = FakeServer({"POST /experiments": CREATED, "POST /pipelines": {"reference": "candidate@1"}})
    finished = server.run("experiment", "create", "-f", str(tmp_path / "experiment.yaml"), "--windows", "7")
    assert finished.status == 0, finished.err
    assert server.asked[0] == ("POST", "/pipelines", {"name": "candidate", "text": "receivers: {}\n"})
    assert server.asked[1][2]["candidate_pipeline"] == "candidate@1"
    assert server.asked[1][2]["windows"] == 7
    assert "stored as candidate@1" in finished.err


def test_create_dry_run_says_what_would_happen() -> None:
    server = FakeServer({"POST /experiments": {"experiment": None, "plan": PLAN}})
    finished = server.run("experiment", "create", *NAMES, "--dry-run")
    assert server.asked[0][2]["dry_run"] is True
    assert finished.out.startswith("Nothing was made.")
    assert "restarts twice" in finished.out


@pytest.mark.parametrize("line", [(), ("--baseline", "a")])
def test_create_refuses_to_guess_a_pipeline(line) -> None:
    server = FakeServer()
    finished = server.run("experiment", "create", *line)
    assert finished.status == 2
    assert server.asked == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\n", "e.yaml:2:1"),
        ("- a\n", "not a mapping"),
        ("baseline_pipeline: a\ncandidate_pipeline: b\nmax_data_loss: .inf\n", "e.yaml:3:1: inf"),
        ("baseline_pipeline: 5\ncandidate_pipeline: b\n", "baseline_pipeline"),
    ],
)
def test_create_says_where_a_file_is_no_experiment(tmp_path, text, said) -> None:
    (tmp_path / "e.yaml").write_text(text, encoding="utf-8")
    server = FakeServer()
    finished = server.run("experiment", "create", "-f", str(tmp_path / "e.yaml"))
    assert (finished.status, server.asked) == (3, [])
    assert said in finished.err
    assert "code: EXPERIMENT_FILE_INVALID" in finished.err


@pytest.mark.parametrize("text", ["0", "5", "", "-5s", "9" * 400 + "h"])
@pytest.mark.parametrize("option", ["--window", "--duration"])
def test_create_names_the_option_that_is_no_duration(option, text) -> None:
    finished = FakeServer().run("experiment", "create", *NAMES, f"{option}={text}")
    assert finished.status == 3
    assert f"error: {option}: " in finished.err


def test_the_plan_keeps_a_long_list_of_critical_processes_short() -> None:
    patterns = {f"p{number}": None for number in range(40)} | {"postgres": ["postgres"], "nginx": []}
    plan = {**PLAN, "critical_processes": patterns}
    server = FakeServer({"POST /experiments": {"experiment": None, "plan": plan}})
    finished = server.run("experiment", "create", *NAMES, "--dry-run")
    for said in ("critical postgres", "critical, no process", "critical, not known yet", "p39"):
        assert said in finished.out
    assert len(finished.out.splitlines()) < 30


def test_create_tells_an_overlap_as_a_conflict() -> None:
    refusal = httpx.Response(409, json=problem("OVERLAP", "conflict", "host web-1 is in exp-0", hosts=["web-1"]))
    finished = FakeServer({"POST /experiments": refusal}).run("experiment", "create", *NAMES, "--start", "-o", "json")
    assert finished.status == 6
    assert json.loads(finished.err)["code"] == "OVERLAP"
    assert finished.out == ""


def test_list_shows_the_settings_namespace_or_all() -> None:
    page = {"items": [EXPERIMENT], "next_before": None}
    server = FakeServer({"GET /experiments?namespace=default&limit=50": page, "GET /experiments?limit=50": page})
    finished = server.run("experiment", "list")
    assert "exp-1" in finished.out
    assert "1/3" in finished.out
    assert json.loads(server.run("experiment", "list", "-A", "-o", "json").out) == {"items": [EXPERIMENT]}


def test_list_asks_for_the_next_page_while_there_is_one() -> None:
    pages = {
        "GET /experiments?limit=2": {"items": [EXPERIMENT] * 2, "next_before": "exp-0"},
        "GET /experiments?limit=2&before=exp-0": {"items": [EXPERIMENT], "next_before": None},
    }
    server = FakeServer(pages)
    assert len(json.loads(server.run("experiment", "list", "-A", "--limit", "2", "-o", "json").out)["items"]) == 2


def test_get_shows_what_was_asked_for_and_how_far_it_is() -> None:
    finished = FakeServer({"GET /experiments/exp-1": EXPERIMENT}).run("experiment", "get", "exp-1")
    for said in ("process-topk-v1 (pv-2)", "two more windows", "web-2", "otlp was renamed", "postgres"):
        assert said in finished.out


def test_status_shows_history_and_guardrails() -> None:
    finished = FakeServer({"GET /experiments/exp-1/status": STATUS}).run("experiment", "status", "exp-1")
    assert "all kept" in finished.out
    assert "2026-11-24 10:00:00" in finished.out


@pytest.mark.parametrize(
    ("line", "path", "body"),
    [
        (("start", "exp-1"), "start", {}),
        (("stop", "exp-1", "--reason", "late"), "stop", {"reason": "late"}),
        (("retry", "exp-1"), "retry", {}),
        (("retry", "exp-1", "--timeout", "5m"), "retry", {"timeout_seconds": 300.0}),
        (("promote", "exp-1", "--reason", "it saves"), "promote", {"reason": "it saves"}),
    ],
)
def test_changes_ask_once_and_show_the_experiment(line, path, body) -> None:
    server = FakeServer({f"POST /experiments/exp-1/{path}": EXPERIMENT})
    finished = server.run("experiment", *line, "-o", "json")
    assert json.loads(finished.out)["id"] == "exp-1"
    assert server.asked == [("POST", f"/experiments/exp-1/{path}", body)]


def test_promote_needs_a_reason() -> None:
    assert FakeServer().run("experiment", "promote", "exp-1").status == 2


def test_metrics_shows_both_arms_and_says_why_there_is_no_data() -> None:
    answers = {"GET /experiments/exp-1/metrics": {"items": [WINDOW, GAP]}, "GET /experiments/exp-1": EXPERIMENT}
    finished = FakeServer(answers).run("experiment", "metrics", "exp-1")
    assert "1,200 -> 300" in finished.out
    assert "75.0 %" in finished.out
    assert "no data: restarted" in finished.out
    assert "web-1" in finished.out


def test_compare_shows_what_is_saved_beside_what_is_lost() -> None:
    finished = FakeServer({"GET /experiments/exp-1/compare": COMPARISON}).run("experiment", "compare", "exp-1")
    for said in ("75.0 %", "12.30 USD", "900 series", "corrupted: counter_fell", "a counter fell", "111.0 MB"):
        assert said in finished.out


def test_compare_says_why_vendors_differ() -> None:
    told = {**COMPARISON, "details": {"money": {"why_they_differ": "Vendors differ because of this."}}}
    finished = FakeServer({"GET /experiments/exp-1/compare": told}).run("experiment", "compare", "exp-1")
    assert "Vendors differ because of this." in finished.out


@pytest.mark.parametrize("name", ["../hosts", "..", ""])
def test_an_id_that_is_no_step_of_a_path_is_not_asked_for(name) -> None:
    server = FakeServer()
    finished = server.run("experiment", "get", name)
    assert (finished.status, server.asked) == (3, [])
