"""What a simulated process takes, against starting a program for each: memory, time to start, processor use."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phoenix.loadsim.profile import ProcessGroup, Profile
from phoenix.loadsim.profiles import profiles
from phoenix.loadsim.simulation import start

WAIT_FOR_EVER = "import select; select.select([], [], [])"


@contextmanager
def forked(count: int) -> Iterator[list[int]]:
    """Run idle simulated processes and yield their pids."""
    profile = Profile(name="idle", processes=(ProcessGroup(name="idle", count=count, arguments=("--n={index}",)),))
    with tempfile.TemporaryDirectory() as folder, start(profile, folder=Path(folder)) as simulation:
        children = Path(f"/proc/{simulation.pid}/task/{simulation.pid}/children").read_text(encoding="ascii")
        yield [int(pid) for pid in children.split()]


@contextmanager
def started(command: list[str], count: int) -> Iterator[list[int]]:
    """Run the same program `count` times and yield the pids."""
    processes = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def proportional_bytes(pids: list[int]) -> float:
    """Return the mean memory a process takes, shared pages divided among their users."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total / len(pids)


def processor_seconds(pids: list[int]) -> float:
    """Return the processor time these have used."""
    used = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / 100
    return used


def main(arguments: list[str]) -> None:
    """Print a table of ways to have many processes, and what the built-in profiles use."""
    parser = argparse.ArgumentParser(prog="loadsim")
    parser.add_argument("--count", type=int, default=200, help="processes of each kind")
    parser.add_argument("--seconds", type=float, default=20, help="to watch each profile")
    options = parser.parse_args(arguments)
    ways = {
        "simulated": forked(options.count),
        "an interpreter each": started([sys.executable, "-I", "-S", "-c", WAIT_FOR_EVER], options.count),
        "sleep": started(["sleep", "1000"], options.count),
    }
    print(f"{'idle processes':<20} {'ms to start':>12} {'kB each':>9}")
    for name, way in ways.items():
        begun = time.perf_counter()
        with way as pids:
            milliseconds = (time.perf_counter() - begun) * 1000 / options.count
            time.sleep(2)
            print(f"{name:<20} {milliseconds:>12.2f} {proportional_bytes(pids) / 1000:>9.0f}")
    print(f"\n{'profile':<20} {'processes':>10} {'starts/s':>9} {'% of a core':>12}  (said: % of a core)")
    for profile in profiles().values():
        print(f"{profile.name:<20} {watched(profile, options.seconds)}  ({profile.mean_cpu_percent:.1f})")


def watched(profile: Profile, seconds: float) -> str:
    """Return the figures of a profile that runs for so long."""
    with tempfile.TemporaryDirectory() as folder, start(profile, folder=Path(folder)) as simulation:
        first, begun = simulation.state(), time.monotonic()
        before = tree_seconds(simulation.pid)
        time.sleep(seconds)
        used = tree_seconds(simulation.pid) - before
        last, elapsed = simulation.state(), time.monotonic() - begun
    if first is None or last is None:
        return "said nothing"
    rate = (last.starts - first.starts) / (last.seconds - first.seconds)
    return f"{last.processes:>10} {rate:>9.1f} {100 * used / elapsed:>12.1f}"


def tree_seconds(supervisor: int) -> float:
    """Return the processor time of a supervisor, its descendants, and those it has waited for."""
    fields = Path(f"/proc/{supervisor}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    waited = (int(fields[13]) + int(fields[14])) / 100
    pids, fresh = [supervisor], [supervisor]
    while fresh:
        below = [Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split() for pid in fresh]
        fresh = [int(pid) for found in below for pid in found]
        pids += fresh
    return waited + processor_seconds(pids)
