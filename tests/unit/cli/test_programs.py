from pathlib import Path

import pytest
from tests.support.cli import memory_cli, written

from phoenix.cli import programs
from phoenix.cli.programs import build_programs, the_collector, the_supervisor
from phoenix.collector.binary.build import BuildProgress, Built
from phoenix.collector.binary.errors import BuildFailedError, ProgramNotFoundError

BUILT = Built(Path("/c"), Path("/h"), Path("/s"))


class Machine:
    """Nothing is there until it is built."""

    def __init__(self):
        self.built = False
        self.fails = False

    def find(self, **_where):
        if not self.built:
            raise ProgramNotFoundError("none here")
        return "found"

    def build(self, _cache, *, on_progress):
        for progress in (BuildProgress("download", 1, None), BuildProgress("collector", 1, 2)):
            on_progress(progress)
        if self.fails:
            raise BuildFailedError("go build ended with an error")
        self.built = True
        return BUILT


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(programs, "find_collector", machine.find)
    monkeypatch.setattr(programs, "find_supervisor", machine.find)
    monkeypatch.setattr(programs, "find_built", lambda _cache: BUILT if machine.built else None)
    monkeypatch.setattr(programs, "build", machine.build)
    return machine


@pytest.mark.parametrize("program", [the_collector, the_supervisor])
def test_what_is_missing_is_built_with_a_line_a_step(machine, program):
    cli = memory_cli()
    assert program(cli) == "found"
    assert [line.split(" ...")[0].split(":")[0] for line in written(cli)[1].splitlines()] == [
        "Downloading Go modules",
        "Downloading Go modules",
        "Building the collector (once, minutes)",
        "Building the collector (once, minutes)",
    ]


def test_what_was_built_is_not_built_again(machine):
    machine.built = True
    cli = memory_cli()
    assert build_programs(cli) == BUILT
    assert written(cli) == ("", "")


def test_a_build_that_fails_ends_its_line(machine):
    machine.fails = True
    cli = memory_cli()
    with pytest.raises(BuildFailedError):
        build_programs(cli)
    assert "Building the collector (once, minutes): stopped after" in written(cli)[1]
