"""`phoenix collector build` and what `phoenix version` knows afterwards."""

import json
from pathlib import Path

from tests.support.cli import phoenix


def test_names_the_programs_that_are_there(built_programs):
    finished = phoenix("collector", "build", "-o", "json")
    assert finished.status == 0, finished.err
    programs = json.loads(finished.out)
    assert list(programs) == ["collector", "supervisor", "harness"]
    assert all(Path(program["path"]).is_file() for program in programs.values())
    assert json.loads(phoenix("version", "-o", "json").out)["collector"]["version"] == programs["collector"]["version"]


def test_a_collector_of_the_settings_is_used_or_refused(built_programs):
    named = {"PHOENIX_COLLECTOR__BINARY": str(built_programs.collector)}
    assert json.loads(phoenix("version", "-o", "json", environment=named).out)["collector"]["origin"] == "named"
    finished = phoenix("version", environment={"PHOENIX_COLLECTOR__BINARY": "/none"})
    assert (finished.status, finished.out) == (3, "")
    assert "code: PROGRAM_UNUSABLE" in finished.err
