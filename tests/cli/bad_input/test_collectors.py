"""A collector that the settings name and that is old, lacking, dead, hanging, or none at all."""

import pytest
from tests.support.cli import assert_told, phoenix
from tests.support.conditions.collectors import fake_collector
from tests.support.conditions.under_way import UnderWay, adopted_orphans
from tests.support.machine.simulated import eventually

COMMANDS = {
    "record": ("capture", "record", "--for", "1s", "--interval", "1s", "--output", "{out}/new"),
    "validate": ("pipeline", "validate", "good.yaml"),
    "whatif": ("whatif", "-f", "good.yaml", "-c", "c"),
    "run": ("run", "--once", "--capture", "c"),
}


@pytest.fixture(scope="module", autouse=True)
def hung_validation(good, collector_binary, tmp_path_factory):
    """A `validate` with a collector that hangs, which takes 20 seconds: begun before the other tests of this file."""
    folder = tmp_path_factory.mktemp("hung")
    hanging = fake_collector(folder, collector_binary, then="sleep 1000 & wait")
    with adopted_orphans() as living:
        setting = {"PHOENIX_COLLECTOR__BINARY": str(hanging)}
        yield UnderWay("pipeline", "validate", good / "good.yaml", folder=folder, environment=setting), living


@pytest.fixture
def run_with(good, out, built_programs):
    """Return a function that runs one of the commands with a collector named by the setting."""

    def run(command, collector):
        line = [word.format(out=out) for word in COMMANDS[command]]
        finished = phoenix(*line, cwd=good, environment={"PHOENIX_COLLECTOR__BINARY": str(collector)})
        assert list(out.iterdir()) == []
        return finished

    return run


@pytest.mark.parametrize("command", ["record", "run"])
def test_an_old_collector_is_refused_with_its_version(command, run_with, collector_binary, tmp_path):
    old = fake_collector(tmp_path, collector_binary, version="0.120.3")
    finished = run_with(command, old)
    assert_told(finished, 3, "PROGRAM_VERSION_TOO_OLD", str(old), "0.120.3", "0.155.0")
    assert finished.out == ""


def test_missing_components_are_named(run_with, collector_binary, tmp_path):
    lacking = fake_collector(tmp_path, collector_binary, lacks=("filter", "file"))
    finished = run_with("run", lacking)
    assert_told(finished, 3, "COLLECTOR_COMPONENTS_MISSING", "lacks processors filter; exporters file")
    assert "{" not in finished.err
    assert finished.out == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "No such file or directory"),
        ("", "Exec format error"),
        ("#!/bin/sh\necho 'cannot load libc' >&2; exit 3", "ended with status 3: cannot load libc"),
        ("#!/bin/sh\n[ $1 != --version ] || echo otelcol version 0.160.0", "list of components"),
        ("#!/bin/sh\nkill -SEGV $$", "--version` was ended by SIGSEGV"),
    ],
    ids=["missing", "no-program", "failing", "no-components", "crashing"],
)
def test_what_is_no_collector_is_refused(body, words, run_with, tmp_path):
    program = tmp_path / "program"
    if body is not None:
        program.write_text(body)
        program.chmod(0o755)
    finished = run_with("validate", program)
    assert_told(finished, 3, "PROGRAM_UNUSABLE", str(program), words, "remove the setting")
    assert "object" not in finished.err
    assert "PosixPath" not in finished.err


def test_a_collector_that_dies_is_not_said_to_refuse_the_config(run_with, collector_binary, tmp_path):
    dying = fake_collector(tmp_path, collector_binary, then="kill -SEGV $$")
    assert_told(run_with("record", dying), 7, "RECORD_COLLECTOR_ENDED", "was ended by SIGSEGV")
    assert_told(run_with("whatif", dying), 3, "CONFIG_REFUSED_BY_COLLECTOR", "was ended by SIGSEGV")
    validated = run_with("validate", dying)
    assert_told(validated, 3, "PIPELINE_REFUSED", "COLLECTOR_CRASHED")
    assert "signal 11" in validated.out


def test_a_collector_that_says_why_it_ends_is_quoted(run_with, collector_binary, tmp_path):
    failing = fake_collector(tmp_path, collector_binary, then="echo Error: no licence >&2; exit 1")
    assert_told(run_with("record", failing), 7, "RECORD_COLLECTOR_ENDED", "no licence")
    assert_told(run_with("whatif", failing), 3, "CONFIG_REFUSED_BY_COLLECTOR", "no licence")
    assert "no licence" in run_with("validate", failing).out


def test_a_collector_that_eats_memory_is_stopped(run_with, collector_binary, tmp_path):
    doubling = """exec awk 'BEGIN { s = "12345678"; for (i = 0; i < 27; i++) s = s s; while (1) {} }'"""
    eating = fake_collector(tmp_path, collector_binary, then=doubling)
    with adopted_orphans() as living:
        finished = run_with("validate", eating)
        assert_told(finished, 3, "PIPELINE_REFUSED", "COLLECTOR_CHECK_TOO_LARGE")
        assert eventually(lambda: living() == [])


def test_a_collector_that_hangs_is_given_up_with_what_it_started(hung_validation):
    validate, living = hung_validation
    assert validate.process.wait(60) == 3
    finished = validate.finished()
    assert_told(finished, 3, "PIPELINE_REFUSED", "COLLECTOR_CHECK_TOO_SLOW")
    assert "had not checked this in 20 s" in finished.out
    assert eventually(lambda: living() == [])
