"""The supervisor's files: private, whole, the credential in one place, and what keeps port 8888 closed."""

import stat

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.support.replay.programs import script

from phoenix.collector.binary.errors import ProgramUnusableError
from phoenix.collector.supervised.errors import SupervisorFilesError, SupervisorRunningError, SupervisorSettingsError
from phoenix.collector.supervised.files import read_environment, write_files
from phoenix.collector.supervised.log import collector_log, supervisor_log
from phoenix.collector.supervised.model import SupervisedHost, SupervisorFiles
from phoenix.collector.supervised.running import start_supervisor


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    return script(folder / "it's a collector", "echo $*"), script(folder / "supervisor", "exit 3")


def host(programs, server_url="http://phoenix:8080", **more):
    collector, supervisor = programs
    return SupervisedHost(server_url, "s3cr3t", collector, supervisor, **more)


def test_everything_is_private_and_only_the_environment_holds_the_credential(programs, tmp_path):
    files = write_files(tmp_path / "host", host(programs))
    made = [path for path in files.folder.rglob("*") if path.is_file()]
    assert {path.name for path in made} == {"supervisor.yaml", "environment", "silent.yaml", "collector.sh"}
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in [files.folder, files.storage, *made])
    assert [path.name for path in made if "s3cr3t" in path.read_text()] == ["environment"]
    assert "s3cr3t" not in repr(host(programs))


def test_the_supervisor_is_told_what_the_facts_say(programs, tmp_path):
    files = write_files(tmp_path / "host", host(programs, "https://phoenix.example/base/"))
    config = yaml.safe_load(files.config.read_text())
    assert config["server"]["endpoint"] == "wss://phoenix.example/base/v1/opamp"
    assert config["server"]["headers"] == {"Authorization": ["Bearer ${env:PHOENIX_TOKEN}"]}
    agent = config["agent"]
    assert (agent["validate_config"], agent["use_hup_config_reload"]) == (False, False)
    assert not config["capabilities"]["accepts_opamp_connection_settings"]
    # What is offered wins over the file that closes port 8888, since it comes after it.
    assert agent["args"] == ["--config", str(files.silent), "--config", str(files.effective)]
    assert yaml.safe_load(files.silent.read_text()) == {"service": {"telemetry": {"metrics": {"level": "none"}}}}


def test_writing_again_keeps_what_the_supervisor_keeps(programs, tmp_path):
    first = write_files(tmp_path / "host", host(programs))
    (first.storage / "persistent_state.yaml").write_text("instance_id: x\n")
    assert write_files(tmp_path / "host", host(programs)) == first
    assert (first.storage / "persistent_state.yaml").exists()


@pytest.mark.parametrize("url", ["phoenix:8080", "ftp://phoenix", "http://", ""])
def test_refuses_a_server_that_is_no_http_url(programs, tmp_path, url):
    with pytest.raises(SupervisorSettingsError):
        write_files(tmp_path / "host", host(programs, url))
    assert not (tmp_path / "host").exists()


def test_refuses_a_variable_with_a_line_break(programs, tmp_path):
    with pytest.raises(SupervisorSettingsError, match="BAD"):
        write_files(tmp_path / "host", host(programs, environment={"BAD": "a\nb"}))


def test_refuses_programs_that_cannot_be_run(programs, tmp_path):
    (tmp_path / "no program").write_text("")
    for chosen in ((tmp_path / "no program", programs[1]), (programs[0], tmp_path / "gone")):
        with pytest.raises(ProgramUnusableError):
            write_files(tmp_path / "host", host(chosen))


def test_refuses_a_folder_that_cannot_be_made(programs, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SupervisorFilesError):
        write_files(tmp_path / "file" / "host", host(programs))


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_]{1,8}", fullmatch=True), st.text(st.characters(exclude_categories=("C", "Z")))
    )
)
def test_the_environment_is_read_back(programs, tmp_path_factory, variables):
    files = write_files(tmp_path_factory.getbasetemp() / "environment-host", host(programs, environment=variables))
    assert read_environment(files) == {**variables, "PHOENIX_TOKEN": "s3cr3t"}


def test_without_files_there_is_nothing_to_run(programs, tmp_path):
    with pytest.raises(SupervisorFilesError):
        start_supervisor(SupervisorFiles(tmp_path, programs[1]))


def test_logs_are_read_as_a_person_would(tmp_path):
    files = SupervisorFiles(tmp_path)
    assert (collector_log(files), supervisor_log(files)) == ([], [])
    files.collector_log.write_text(
        '{"level":"error","ts":"x","msg":"cannot start","error":"port busy"}\n'
        "2026-01-01T00:00:00Z\tinfo\tservice.go:1\tStarting\t{}\n\nError: invalid\n[1]\n"
    )
    assert collector_log(files) == ["error cannot start port busy", "info Starting", "Error: invalid", "[1]"]
    assert collector_log(files, 1) == ["[1]"]
    files.collector_log.write_text("x" * 300_000 + "\nlast\n")
    assert collector_log(files) == ["last"]


def test_two_starts_on_one_folder_are_refused_before_anything_is_started(programs, tmp_path):
    files = write_files(tmp_path / "host", host(programs))
    running = start_supervisor(files)
    try:
        with pytest.raises(SupervisorRunningError):
            start_supervisor(files)
    finally:
        running.stop()
    start_supervisor(files).stop()
