"""What cannot be done is said in words, and leaves nothing."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.support.machine.simulated import as_nobody, marked

from phoenix.loadsim.errors import (
    MemoryShortError,
    ProcessLimitError,
    SimulationFailedError,
    SimulationFolderError,
    SimulationNotOursError,
    SimulationNotRunningError,
    SimulationRunningError,
)
from phoenix.loadsim.linux import CommandLine, boot_id, start_time
from phoenix.loadsim.order import STATE_FILE
from phoenix.loadsim.population import Population
from phoenix.loadsim.profile import ProcessGroup, Profile
from phoenix.loadsim.simulation import running, start, stop

SMALL = Profile(name="small", processes=(ProcessGroup(name="small", count=4),))


def test_a_second_one_in_the_same_folder_is_refused(folder):
    with start(SMALL, folder=folder):
        with pytest.raises(SimulationRunningError, match="already runs"):
            start(SMALL, folder=folder)
        assert len(marked(folder)) == 5
        assert running(folder) is not None


def test_two_folders_run_side_by_side(folder, tmp_path):
    with start(SMALL, folder=folder), start(SMALL, folder=tmp_path / "other"):
        assert len(marked(folder)) == 5


def test_stopping_nothing_says_so(folder):
    with pytest.raises(SimulationNotRunningError, match="no load simulation runs"):
        stop(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "start_time": 1}'])
def test_a_broken_state_file_is_no_simulation(folder, text):
    folder.mkdir()
    (folder / STATE_FILE).write_text(text, encoding="utf-8")
    assert running(folder) is None
    with pytest.raises(SimulationNotRunningError):
        stop(folder)
    assert not (folder / STATE_FILE).exists()


@pytest.mark.parametrize("wrong", ["start_time", "boot"])
def test_a_pid_that_came_again_is_left_alone(folder, wrong):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        state = {"start_time": start_time(bystander.pid), "boot": boot_id()}
        state[wrong] = 7 if wrong == "start_time" else "another boot"
        write_state(folder, bystander.pid, **state)
        with pytest.raises(SimulationNotRunningError):
            stop(folder)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_stale_state_file_does_not_keep_one_from_starting(folder):
    write_state(folder, 1, start_time=7, boot=boot_id())
    with start(SMALL, folder=folder) as simulation:
        state = running(folder)
        assert state is not None
        assert state.pid == simulation.pid


def test_another_users_simulation_is_not_touched():
    # A simulation as init would have started it, stopped by nobody, who may not.
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        write_state(place, 1, start_time=start_time(1), boot=boot_id())

        def attempt() -> str:
            assert os.geteuid() != 0
            with pytest.raises(SimulationNotOursError) as caught:
                stop(place)
            return caught.value.code

        assert as_nobody(attempt) == "LOADSIM_NOT_PERMITTED"
    finally:
        shutil.rmtree(place)


@pytest.mark.parametrize("place", ["/proc", "/proc/phoenix", "/dev/null", "/dev/null/phoenix"])
def test_a_folder_that_cannot_be_used_is_named(place):
    with pytest.raises(SimulationFolderError, match=place):
        start(SMALL, folder=Path(place))


def test_more_memory_than_the_machine_has_is_refused(folder):
    group = ProcessGroup(name="huge", count=1000, memory_bytes=2**34)
    with pytest.raises(MemoryShortError, match=r"huge needs about .* MB"):
        start(Profile(name="huge", processes=(group,)), folder=folder)
    assert not (folder / STATE_FILE).exists()


def test_a_limit_of_processes_is_said(folder):
    folder.mkdir()

    def attempt() -> str:
        assert os.geteuid() != 0
        resource.setrlimit(resource.RLIMIT_NPROC, (3, 3))
        population = Population(SMALL.with_process_count(50), folder, CommandLine(), 0)
        with pytest.raises(ProcessLimitError) as caught:
            population.start_all(lambda: False)
        return caught.value.message

    message = as_nobody(attempt)
    assert "of 50 processes were started" in message
    assert "ulimit -u is 3" in message


def test_a_process_that_gets_no_memory_fails_the_start(folder):
    # The limit is inherited: the supervisor fits in, the memory of its process does not.
    code = f"""
import resource, sys
from pathlib import Path
from phoenix.loadsim.errors import ProcessLimitError
from phoenix.loadsim.profile import ProcessGroup, Profile
from phoenix.loadsim.simulation import start
resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
group = ProcessGroup(name="large", count=6, children=2, memory_bytes=600_000_000)
try:
    start(Profile(name="large", processes=(group,)), folder=Path({str(folder)!r}))
except ProcessLimitError as error:
    print(error.message)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert "then the system refused: a process got no memory, thread, file or child of its own" in said.stdout
    assert not (folder / STATE_FILE).exists()


def test_a_supervisor_that_cannot_run_is_quoted(folder, monkeypatch):
    monkeypatch.setattr("phoenix.loadsim.simulation._SOURCES", Path("/nowhere"))
    with pytest.raises(SimulationFailedError, match="No module named 'phoenix'"):
        start(SMALL, folder=folder)


def write_state(folder: Path, pid: int, **identity: object) -> None:
    folder.mkdir(exist_ok=True)
    state = {"profile": "p", "pid": pid, "started_at": "", "ends_at": "", **identity}
    (folder / STATE_FILE).write_text(json.dumps(state), encoding="utf-8")
