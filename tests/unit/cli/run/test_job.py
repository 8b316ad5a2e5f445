import dataclasses
import fcntl
import json
import shlex
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from tests.support.cli import memory_cli, run_here, written
from tests.support.replay.process_requests import scrapes

from phoenix.cli.run import job, recording
from phoenix.cli.run.earlier import remember, show_while_building
from phoenix.cli.run.job import RunOptions
from phoenix.cli.run.live.errors import RunServerBusyError
from phoenix.cli.run.live.experiment import Measured as Live
from phoenix.cli.run.live.job import Live as LiveResult
from phoenix.cli.run.live.plane import Plane
from phoenix.cli.run.recording import Recorded
from phoenix.cli.run.result import RunResult
from phoenix.cli.run.tables import next_steps, offline_blocks
from phoenix.cli.terminal.blocks import write_human
from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.core.errors import InvalidError
from phoenix.decide.report import Measured, compare
from phoenix.settings.model import Settings
from phoenix.settings.output_format import OutputFormat
from phoenix.settings.server import LOCK_FILE, ServerSettings
from phoenix.telemetry.capture import Origin
from phoenix.telemetry.processes import ProcessPattern

if TYPE_CHECKING:
    from phoenix.cli.up.process import Server

BEFORE = scrapes([0, 5, 10]).with_origin(Origin(host="a", recorded_at="2026-11-24T08:00:00+00:00"))
DROPS = FoldMap((FoldRule(Fate.DROPPED),))
CRITICAL = (ProcessPattern.parse("proc0.*"),)


def result(*outputs, host="a"):
    measured = Measured.of(BEFORE)
    reports = [
        compare(name, measured, output, declared=DROPS, critical=CRITICAL, cpu_seconds_per_million_points=1.5)
        for name, output in outputs
    ]
    capture = BEFORE.with_origin(Origin(host=host, recorded_at="2026-11-24T08:00:00+00:00"))
    return RunResult(Recorded(capture, Path("/c/1")), "0.160.0", reports)


def drawn(found, width=120):
    cli = memory_cli(width=width)
    shown = found.as_dict()
    write_human(cli.streams, [*offline_blocks(shown), next_steps(shown, "./dev phoenix")])
    return written(cli)[0]


def test_flags(monkeypatch):
    line = ("run", "--once", "--record-for", "20s", "--cpu-time", "1s", "--critical", "nginx", "-o", "json")
    asked = []
    monkeypatch.setattr(job, "run", lambda _cli, options: asked.append(options))
    assert run_here(*line).status == 0
    expected = RunOptions(
        record_for=20.0, cpu_seconds=1.0, critical=("nginx",), once=True, output_format=OutputFormat.JSON
    )
    assert asked == [expected]


def test_a_capture_is_not_recorded_for_a_time():
    finished = run_here("run", "--record-for", "20s", "--capture", "c")
    assert finished.status == 3
    assert "exclude each other" in finished.err
    assert "what to do:" in finished.err


def test_the_best_is_named_with_what_it_hides():
    text = drawn(result(("process-baseline-v1", BEFORE), ("process-minimal-v1", scrapes([0, 5, 10], processes=6))))
    assert "Best safe pipeline: process-minimal-v1." in text
    assert "./dev phoenix whatif --template process-minimal-v1 --capture /c/1" in text


def test_beside_a_best_that_drops_stands_the_best_that_does_not():
    found = result(("process-minimal-v1", scrapes([0, 5, 10], processes=6))).as_dict()
    folding = {**found["pipelines"][0], "name": "process-aggregated-v1", "dropped": {"series": 0, "points": 0}}
    folding["folded"] = {"series_in": 20, "series_out": 4}
    cli = memory_cli()
    write_human(cli.streams, offline_blocks({**found, "pipelines": [*found["pipelines"], folding]}))
    assert "Dropping nothing: process-aggregated-v1" in written(cli)[0]
    assert "20 series as 4 sums, totals kept" in written(cli)[0]


def test_none_is_best_when_none_is_safe_and_saves():
    found = result(("process-baseline-v1", BEFORE))
    assert found.as_dict()["best"] is None
    assert "None is safe here" in drawn(found)


def test_corruption_is_told_in_words():
    doubled = scrapes([0, 0, 5, 10])
    found = result(("process-aggregated-v1", doubled))
    assert not found.as_dict()["pipelines"][0]["safe"]
    assert "aggregated corrupts" in drawn(found)
    assert "NO" in drawn(found)


@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_terminal(width):
    text = drawn(result(("process-baseline-v1", BEFORE), ("process-intelligent-v1", BEFORE)), width)
    table = text.split("What each", 1)[1].split("Best safe")[0].split("None is safe")[0]
    assert all(len(line.rstrip()) <= width for line in table.splitlines())


def test_before_the_first_build_the_shipped_result_is_shown_as_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    cli = memory_cli(Settings(cache_dir=tmp_path))
    show_while_building(cli)
    out, err = written(cli)
    assert out == ""
    assert "host reference-host" in err
    assert "not this host" in err
    assert "intelligent" in err


def test_before_a_later_build_ones_own_last_result_is_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    cli = memory_cli(Settings(cache_dir=tmp_path))
    remember(cli, result(("process-baseline-v1", BEFORE), host=socket.gethostname()).as_dict())
    show_while_building(cli)
    assert "recorded 2026-11-24" in written(cli)[1]
    assert "; this host." in written(cli)[1]


def test_a_broken_last_result_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "last-run.json").write_text("[1, 2")
    cli = memory_cli(Settings(cache_dir=tmp_path))
    show_while_building(cli)
    assert "reference-host" in written(cli)[1]


def test_only_the_newest_captures_are_kept(tmp_path):
    cli = memory_cli(Settings(cache_dir=tmp_path))
    for hour in range(7):
        origin = Origin(host="a", recorded_at=f"2026-11-24T0{hour}:00:00+00:00")
        recording._store(cli, BEFORE.with_origin(origin))
    kept = sorted(path.name for path in (tmp_path / "captures").iterdir())
    assert kept == [f"2026-11-24T0{hour}0000Z" for hour in range(2, 7)]


def test_the_whole_job_on_a_capture(tmp_path, monkeypatch):
    class Halving:
        version = "0.160.0"

        def evaluate(self, _config, _capture, **_more):
            return scrapes([0, 5, 10], processes=6)

    @contextmanager
    def fake_evaluator(_cli, **_more):
        yield Halving()

    class Cost:
        seconds_per_million_points = 1.25

    monkeypatch.setattr(job, "open_collector", fake_evaluator)
    monkeypatch.setattr(job, "show_while_building", lambda _cli: None)
    monkeypatch.setattr(job, "the_supervisor", lambda _cli: None)
    found = type("Found", (), {"version": "0.160.0", "origin": "built", "path": Path("/otelcol")})
    monkeypatch.setattr(job, "the_collector", lambda _cli: found)
    monkeypatch.setattr("phoenix.cli.run.catalogue.the_collector", lambda _cli: found)
    monkeypatch.setattr("phoenix.cli.run.catalogue.measure_cpu", lambda *_args, **_more: Cost)
    monkeypatch.setattr(job, "open_recorded", lambda path: Recorded(BEFORE, path))
    finished = run_here(
        "run", "--capture", "c", "--critical", "proc0.*", "-o", "json", settings=Settings(cache_dir=tmp_path)
    )
    assert finished.status == 0, finished.err
    answer = json.loads(finished.out)
    assert answer["pipelines"][0]["name"] == "process-baseline-v1"
    assert {pipeline["cpu_seconds_per_million_points"] for pipeline in answer["pipelines"]} == {1.25}
    assert answer["capture"]["path"] == "c"
    assert not list(tmp_path.iterdir())


def test_a_server_in_the_folder_is_told_before_anything_is_recorded(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "the_collector", lambda _cli: pytest.fail("it went on"))
    (tmp_path / LOCK_FILE).write_text('{"pid": 1, "url": "http://127.0.0.1:9"}', encoding="utf-8")
    cli = memory_cli(Settings(server=ServerSettings(data_dir=tmp_path)))
    with (tmp_path / LOCK_FILE).open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunServerBusyError, match=r"already at http://127\.0\.0\.1:9"):
            job.run(cli, RunOptions())


@pytest.mark.parametrize("seconds", [0.5, 4.0, 7200.0])
def test_a_window_that_no_experiment_may_have_is_told_before_anything_is_recorded(monkeypatch, seconds):
    monkeypatch.setattr(job, "the_collector", lambda _cli: pytest.fail("it went on"))
    with pytest.raises(InvalidError, match=r"^--window: "):
        job.run(memory_cli(), RunOptions(once=True, window_seconds=seconds))


def test_the_next_steps_can_be_pasted_from_a_narrow_terminal():
    measured = Live({"experiment": {"id": "exp-1"}}, "process-baseline-v1@1", "process-topk-v1@2")
    plane = Plane(memory_cli(), cast("Server", None), Path("/h"), "PHOENIX_API_URL=http://127.0.0.1:28080 ", Path("/l"))
    cli = memory_cli(width=60)
    terminal = dataclasses.replace(cli.streams, out_is_terminal=True)
    write_human(terminal, [LiveResult(measured, plane, "web-1").next_steps("./dev phoenix")])
    steps = [line for line in written(cli)[0].splitlines() if "./dev phoenix" in line]
    assert len(steps) == 7
    assert all(line.startswith("PHOENIX_API_URL=http://127.0.0.1:28080 ./dev phoenix ") for line in steps)
    # What is completed can be neither stopped nor tried again.
    assert not any("exp-1" in line and ("stop" in line or "retry" in line) for line in steps)
    for line in steps:
        arguments = shlex.split(line)[3:]
        assert run_here(*arguments[:2], "--help").status == 0
