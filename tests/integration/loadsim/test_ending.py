"""However a simulation ends, nothing of it is left: no process, no state file."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.support.machine.simulated import eventually, marked, none_left

from phoenix.loadsim.order import STATE_FILE
from phoenix.loadsim.profile import Churn, ProcessGroup, Profile
from phoenix.loadsim.simulation import running, start, stop

FAMILIES = Profile(
    name="families",
    processes=(ProcessGroup(name="parent", count=12, children=2, threads=2), ProcessGroup(name="lonely", count=8)),
    churn=Churn(name="job", starts_per_second=20, lifetime_seconds=2),
)
STARTER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from phoenix.loadsim.profiles import find
    from phoenix.loadsim.simulation import start
    profile = find("realistic").with_process_count(50)
    simulation = start(profile, folder=Path(sys.argv[1]), detached=sys.argv[2] == "detached")
    print("started", flush=True)
    time.sleep(float(sys.argv[3]))
    """
)


def starter(folder, *, detached: bool, seconds: float) -> subprocess.Popen[bytes]:
    """Return a process of ours that has started a simulation."""
    arguments = [str(folder), "detached" if detached else "attached", str(seconds)]
    process = subprocess.Popen([sys.executable, "-c", STARTER, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    process.stdout.close()
    return process


def test_leaving_the_block_ends_everything(folder):
    with start(FAMILIES, folder=folder) as simulation:
        assert len(marked(folder)) >= 21
        assert simulation.state() is not None
    assert not simulation.running
    assert not marked(folder)
    assert not (folder / STATE_FILE).exists()


def test_stopping_again_does_nothing(folder):
    with start(FAMILIES, folder=folder) as simulation:
        assert simulation.stop() is not None
        simulation.stop()
    assert not marked(folder)


def test_it_ends_by_itself_after_its_duration(folder):
    with start(FAMILIES, folder=folder, duration_seconds=1) as simulation:
        assert simulation.state() is not None
        assert not simulation.wait(0.1)
        assert simulation.wait(10)
        assert not marked(folder)


def test_nothing_survives_the_supervisor_killed(folder):
    with start(FAMILIES, folder=folder) as simulation:
        # Jobs, too, and in the middle of starting some.
        assert eventually(lambda: "job" in marked(folder).values())
        os.kill(simulation.pid, signal.SIGKILL)
        assert none_left(folder)


def test_nothing_survives_the_supervisor_killed_while_frozen(folder):
    with start(FAMILIES, folder=folder) as simulation:
        for pid in marked(folder):
            if pid != simulation.pid:
                os.kill(pid, signal.SIGSTOP)
        os.kill(simulation.pid, signal.SIGKILL)
        assert none_left(folder)


def test_nothing_survives_the_starter_killed(folder):
    process = starter(folder, detached=False, seconds=60)
    assert len(marked(folder)) > 50
    process.kill()
    process.wait()
    assert none_left(folder)
    assert not (folder / STATE_FILE).exists()


def test_nothing_survives_the_starter_ending_without_a_stop(folder):
    process = starter(folder, detached=False, seconds=0)
    assert process.wait(10) == 0
    assert none_left(folder)


def test_a_starter_that_has_forked_is_missed_all_the_same(folder):
    # The fork holds the pipe whose end the supervisor waits for.
    code = STARTER.replace("time.sleep", "import os; os.fork(); time.sleep")
    arguments = [str(folder), "attached", "8"]
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    process.stdout.close()
    process.kill()
    process.wait()
    assert none_left(folder)


def test_a_simulation_started_in_a_thread_outlives_the_thread(folder):
    with ThreadPoolExecutor(1) as pool:
        simulation = pool.submit(start, FAMILIES, folder=folder).result()
    with simulation:
        time.sleep(0.5)
        assert simulation.running
        assert len(marked(folder)) >= 21


def test_a_detached_one_outlives_its_starter_until_it_is_stopped(folder):
    process = starter(folder, detached=True, seconds=0)
    assert process.wait(10) == 0
    state = running(folder)
    assert state is not None
    assert state.profile == "realistic"
    assert len(marked(folder)) > 50
    stopped = stop(folder)
    assert stopped.starts >= 50
    assert not marked(folder)
    assert running(folder) is None


def test_a_detached_one_ends_after_its_duration(folder):
    simulation = start(FAMILIES, folder=folder, duration_seconds=1, detached=True)
    assert simulation.wait(10)
    assert none_left(folder)


def test_nothing_survives_a_detached_supervisor_killed(folder):
    simulation = start(FAMILIES, folder=folder, detached=True)
    os.kill(simulation.pid, signal.SIGKILL)
    assert none_left(folder)
    assert running(folder) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(folder, number):
    with start(FAMILIES, folder=folder) as simulation:
        os.kill(simulation.pid, number)
        assert simulation.wait(10)
        assert not marked(folder)
        assert not (folder / STATE_FILE).exists()


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.3])
@pytest.mark.parametrize("mode", ["attached", "detached"])
def test_ctrl_c_while_starting_leaves_nothing(folder, seconds, mode):
    code = STARTER.replace('print("started", flush=True)', "")
    code = code.replace("profile =", 'print("starting", flush=True); profile =').replace("(50)", "(190)")
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), mode, "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"starting\n"
    process.stdout.close()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    process.wait()
    if mode == "detached" and process.returncode == 0:
        # The signal came after the start: that is a simulation which is to stay.
        stop(folder)
    assert none_left(folder)
