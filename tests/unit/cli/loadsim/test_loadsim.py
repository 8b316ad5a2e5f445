import json
from pathlib import Path

import pytest
from tests.support.cli import run_here
from tests.support.command_lines import options_of

from phoenix.cli.loadsim.list_profiles import ListProfilesOptions
from phoenix.cli.loadsim.start import StartOptions
from phoenix.cli.loadsim.stop import StopOptions
from phoenix.settings.model import Settings
from phoenix.settings.output_format import OutputFormat


def test_flags_of_start(monkeypatch):
    line = ("loadsim", "start", "high-churn", "--process-count", "40", "--churn-rate", "2.5", "--duration", "1m30s")
    expected = StartOptions("high-churn", None, 40, 2.5, 90.0, OutputFormat.JSON)
    assert options_of(monkeypatch, *line, "-o", "json") == expected
    own = options_of(monkeypatch, "loadsim", "start", "--profile-file", "my.yaml")
    assert own == StartOptions(profile_file=Path("my.yaml"))


def test_flags_of_the_others(monkeypatch):
    assert options_of(monkeypatch, "loadsim", "stop") == StopOptions()
    assert options_of(monkeypatch, "loadsim", "list-profiles", "-o", "yaml") == ListProfilesOptions(OutputFormat.YAML)


def test_lists_the_profiles_with_their_size():
    listed = json.loads(run_here("loadsim", "list-profiles", "-o", "json").out)
    assert [profile["name"] for profile in listed] == ["realistic", "high-cardinality", "high-churn"]
    assert listed[1]["processes"] >= 1000
    assert listed[2]["churn_per_second"] >= 20
    assert "| realistic |" in run_here("loadsim", "list-profiles", "-o", "markdown").out


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        (("nothing-like-it",), 4, "LOADSIM_PROFILE_NOT_FOUND"),
        (("--profile-file", "/none.yaml"), 4, "INPUT_FILE_NOT_FOUND"),
        (("--profile-file", "/"), 3, "INPUT_FILE_UNREADABLE"),
        (("realistic", "--profile-file", "/none.yaml"), 2, "USAGE"),
        (("--process-count", "1"), 3, "LOADSIM_PROFILE_INVALID"),
        (("--churn-rate", "-1"), 3, "LOADSIM_PROFILE_INVALID"),
        (("--process-count", "many"), 2, "USAGE"),
        (("--duration", "soon"), 3, "DURATION_INVALID"),
    ],
)
def test_start_refuses_what_it_cannot_run(tmp_path, options, status, code):
    finished = run_here("loadsim", "start", *options, settings=Settings(cache_dir=tmp_path))
    assert (finished.status, finished.out) == (status, "")
    assert f"code: {code}" in finished.err
    assert list(tmp_path.iterdir()) == []


def test_stop_says_that_none_runs(tmp_path):
    finished = run_here("loadsim", "stop", settings=Settings(cache_dir=tmp_path))
    assert (finished.status, finished.out) == (4, "")
    assert "code: LOADSIM_NOT_RUNNING" in finished.err
