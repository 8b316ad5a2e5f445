import pytest
from tests.support.replay.programs import fake_collector, script

from phoenix.collector.binary.errors import (
    CollectorVersionError,
    ComponentsMissingError,
    ProgramNotFoundError,
    ProgramUnusableError,
)
from phoenix.collector.binary.find import Origin, find_collector, find_supervisor
from phoenix.collector.binary.sources import build_name
from phoenix.collector.config.names import Kind

NEEDED = {Kind.PROCESSORS: frozenset({"filter", "batch"})}
SUPERVISOR = "dep\tgithub.com/open-telemetry/opentelemetry-collector-contrib/cmd/opampsupervisor\tv"


def find(**given):
    return find_collector(needed=NEEDED, **{"search_path": "", **given})


def test_takes_the_collector_named(tmp_path):
    named = fake_collector(tmp_path / "mine", "0.160.0", processors=["filter", "batch"])
    found = find(named=named)
    assert (found.path, found.version, found.origin) == (named, "0.160.0", Origin.NAMED)
    assert found.types.knows(Kind.PROCESSORS, "filter")


def test_refuses_a_collector_named_that_is_too_old(tmp_path):
    named = fake_collector(tmp_path / "mine", "0.154.9", processors=["filter", "batch"])
    with pytest.raises(CollectorVersionError, match=r"0\.154\.9.*0\.155\.0"):
        find(named=named)


def test_takes_an_older_one_for_a_caller_that_asks_little(tmp_path):
    named = fake_collector(tmp_path / "mine", "0.154.9", processors=["filter", "batch"])
    assert find(named=named, oldest=(0, 152, 0)).version == "0.154.9"


def test_refuses_a_collector_named_that_lacks_components_and_names_them(tmp_path):
    named = fake_collector(tmp_path / "mine", "0.160.0", processors=["batch"])
    with pytest.raises(ComponentsMissingError, match="processors filter") as refused:
        find(named=named)
    assert refused.value.details["missing"] == {"processors": ["filter"]}


@pytest.mark.parametrize("body", ["exit 1", "echo hello", "[ $1 = --version ] && echo otelcol version 0.160.0"])
def test_refuses_what_is_no_collector(tmp_path, body):
    with pytest.raises(ProgramUnusableError):
        find(named=script(tmp_path / "mine", body))


def test_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ProgramUnusableError, match="cannot be started"):
        find(named=tmp_path / "missing")


def test_passes_over_what_is_unfit_on_the_path(tmp_path):
    fake_collector(tmp_path / "otelcol-contrib", "0.120.0", processors=["filter", "batch"])
    fit = fake_collector(tmp_path / "otelcol", "1.2.3", processors=["filter", "batch"])
    found = find(search_path=str(tmp_path))
    assert (found.path, found.origin) == (fit, Origin.PATH)


def test_falls_back_to_the_one_built(tmp_path):
    built = tmp_path / "bin" / f"{build_name()}-go1.27.3" / "otelcol-phoenix"
    fake_collector(built, "0.160.0", processors=["filter", "batch"])
    found = find(cache=tmp_path)
    assert (found.path, found.origin) == (built, Origin.BUILT)


def test_says_what_was_rejected_when_nothing_fits(tmp_path):
    fake_collector(tmp_path / "otelcol", "0.120.0", processors=[])
    with pytest.raises(ProgramNotFoundError, match=r"0\.120\.0") as missing:
        find(search_path=str(tmp_path), cache=tmp_path)
    assert missing.value.details["rejected"] == {str(tmp_path / "otelcol"): missing.value.message.split(": ", 1)[1]}
    with pytest.raises(ProgramNotFoundError, match="not on PATH"):
        find(cache=tmp_path)


def fake_supervisor(path, version):
    program = script(path, "")
    program.write_bytes(f"\0build\0{SUPERVISOR}{version}\0".encode())
    return program


def test_reads_the_version_of_a_supervisor_from_its_modules(tmp_path):
    fake_supervisor(tmp_path / "opampsupervisor", "0.149.0")
    assert find_supervisor(search_path=str(tmp_path)).version == "0.149.0"


def test_refuses_an_old_supervisor_and_what_is_none(tmp_path):
    with pytest.raises(CollectorVersionError, match=r"0\.149\.0"):
        find_supervisor(named=fake_supervisor(tmp_path / "old", "0.120.0"))
    for other in (script(tmp_path / "other", "exit 0"), tmp_path / "missing"):
        with pytest.raises(ProgramUnusableError):
            find_supervisor(named=other)
