"""What the profiles put on this machine, counted from outside."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.support.machine.simulated import cpu_seconds, eventually, marked

from phoenix.loadsim.profile import Churn, ProcessGroup, Profile, Spike
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start


def lasting(names: dict[int, str]) -> Counter[str]:
    return Counter(name for name in names.values() if name not in ("loadsim", "loadsim-job"))


def test_realistic_runs_what_it_says(folder):
    profile = find("realistic").with_process_count(60)
    with start(profile, folder=folder) as simulation:
        assert lasting(marked(folder)) == {group.name: group.count for group in profile.processes}
        state = simulation.state()
    assert state is not None
    assert state.processes >= 60
    assert state.starts >= 60


def test_realistic_stays_below_thirty_percent_of_a_core(folder):
    with start(find("realistic").with_churn_rate(0), folder=folder):
        running = marked(folder)
        before, begin = cpu_seconds(running), time.monotonic()
        time.sleep(8)
        used = (cpu_seconds(running) - before) / (time.monotonic() - begin)
    assert 0.01 < used < 0.30


def test_high_cardinality_gives_every_process_its_own_command_line(folder):
    profile = find("high-cardinality").with_process_count(1000)
    with start(profile, folder=folder):
        running = marked(folder)
        lines = {Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0") for pid in running}
    assert len(running) == 1001
    assert len(lines) == 1001


def test_high_churn_keeps_its_pace_on_average(folder):
    profile = find("high-churn")
    assert profile.churn is not None
    with start(profile, folder=folder, duration_seconds=8) as simulation:
        assert eventually(lambda: (state := simulation.state()) is not None and state.starts > profile.process_count)
        first = simulation.state()
        time.sleep(5)
        last = simulation.state()
        assert first is not None
        assert last is not None
        expected = profile.churn.starts_per_second * (last.seconds - first.seconds)
        assert last.starts - first.starts == pytest.approx(expected, rel=0.05)
        assert last.failed_starts == 0


def test_a_process_holds_what_its_group_says(folder):
    group = ProcessGroup(name="holder", count=1, memory_bytes=32_000_000, threads=5, open_files=20, arguments=("-x",))
    with start(Profile(name="p", processes=(group,)), folder=folder):
        (pid,) = [pid for pid, name in marked(folder).items() if name == "holder"]
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        )
        assert int(status["VmRSS"].split()[0]) * 1024 > 32_000_000
        assert int(status["Threads"]) == 5
        assert len(os.listdir(f"/proc/{pid}/fd")) >= 20  # noqa: PTH208  # A count, nothing to walk.
        assert Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0") == [b"holder", b"-x"]


def test_a_process_writes_to_the_disk_and_leaves_no_file(folder):
    group = ProcessGroup(name="writer", count=1, cpu_percent=1, disk_bytes_per_second=500_000)
    with start(Profile(name="p", processes=(group,)), folder=folder):
        (pid,) = [pid for pid, name in marked(folder).items() if name == "writer"]

        def written() -> int:
            lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
            return int(dict(line.split(": ") for line in lines)["wchar"])

        assert eventually(lambda: written() > 500_000)
        assert sorted(path.name for path in folder.iterdir()) == ["loadsim.json", "loadsim.lock"]


def test_a_spike_uses_the_processor(folder):
    group = ProcessGroup(name="spiker", count=1, spike=Spike(percent=60, seconds=2, every_seconds=2))
    profile = Profile(name="p", processes=(group,), cpu_limit_percent=100)
    with start(profile, folder=folder):
        assert eventually(lambda: cpu_seconds(marked(folder)) > 0.5)


def test_jobs_come_and_go(folder):
    profile = Profile(name="p", churn=Churn(name="job", starts_per_second=10, lifetime_seconds=0.3))
    with start(profile, folder=folder):
        seen: set[int] = set()
        for _ in range(40):
            seen |= {pid for pid, name in marked(folder).items() if name == "job"}
            time.sleep(0.05)
        assert len(seen) > 10
        assert len(marked(folder)) < 15


def test_a_lasting_process_that_dies_is_replaced(folder):
    profile = Profile(name="p", processes=(ProcessGroup(name="phoenix-like", count=4, children=1),))
    with start(profile, folder=folder) as simulation:
        before = marked(folder)
        victim = next(pid for pid, name in before.items() if name == "phoenix-like")
        os.kill(victim, 9)
        assert eventually(lambda: victim not in (now := marked(folder)) and len(now) == 5)
        assert eventually(lambda: (state := simulation.state()) is not None and state.replaced == 2)


def test_a_child_that_dies_is_replaced_with_its_parent(folder):
    profile = Profile(name="p", processes=(ProcessGroup(name="family", count=2, children=1),))
    with start(profile, folder=folder) as simulation:
        before = {pid for pid, name in marked(folder).items() if name == "family"}
        child = next(pid for pid in before if parent(pid) != simulation.pid)
        os.kill(child, 9)
        assert eventually(lambda: len(now := set(marked(folder)) - {simulation.pid}) == 2 and not now & before)


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
