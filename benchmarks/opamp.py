"""Thousands of simulated agents on the OpAMP endpoint, against a bare WebSocket echo on the same web server.

The server is a process of its own; the agents live in this one. Ratios are OpAMP over echo: what sessions, reports,
replies and counters cost on top of sockets, frames and keep-alive pings.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import uvloop
from benchmarks.opamp_agents import Agents

SPARE_FILES = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server took.

    Attributes:
        connect: seconds until every agent was connected and its first report answered.
        connect_cpu: milliseconds of processor time a connection.
        memory: kilobytes of resident memory a connection.
        steady: percent of a core while nothing but heartbeats comes.
        median, slow: milliseconds from a heartbeat to its reply, the 50th and the 99th percentile.
        sent, answered: seconds until a config was sent to all, and until all answered.
    """

    connect: float
    connect_cpu: float
    memory: float
    steady: float
    median: float
    slow: float
    sent: float
    answered: float


class Server:
    """A server process: `opamp` or `echo`."""

    def __init__(self, kind: str, process: "subprocess.Popen[str]") -> None:
        self.kind = kind
        self._process = process
        self.port = int(self._say_nothing())

    def _say_nothing(self) -> str:
        return _stream(self._process.stdout).readline()

    def ask(self, word: str) -> dict[str, float]:
        """Give an order and return what the server says when it is done."""
        stdin = _stream(self._process.stdin)
        stdin.write(f"{word}\n")
        stdin.flush()
        said: dict[str, float] = json.loads(self._say_nothing())
        return said

    def processor_seconds(self) -> float:
        """Return the processor time used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def resident(self) -> int:
        """Return the bytes of resident memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * resource.getpagesize()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """Start a server in a process of its own and stop it afterwards."""
    command = [sys.executable, "-m", "benchmarks.opamp_server", kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(kind, process)
        finally:
            _stream(process.stdin).close()
            process.wait(timeout=60)


async def measure(server: Server, count: int, seconds: float, heartbeat: float) -> Figures:
    """Connect so many agents, watch them for a while, send them a config, and return what it took."""
    agents = Agents(server.port, count, is_opamp=server.kind == "opamp")
    resident, cpu, begun = server.resident(), server.processor_seconds(), time.perf_counter()
    await agents.connect()
    connect, connect_cpu = time.perf_counter() - begun, server.processor_seconds() - cpu
    memory = server.resident() - resident
    await asyncio.sleep(1)
    cpu = server.processor_seconds()
    delays = await agents.beat(seconds, heartbeat)
    steady = (server.processor_seconds() - cpu) / seconds
    asked = asyncio.create_task(asyncio.to_thread(server.ask, "config"))
    await agents.answer_all(120)
    said = await asked
    agents.close()
    if agents.lost:
        sys.exit(f"{agents.lost} of {count} agents lost their connection to {server.kind}")
    return Figures(
        connect=connect,
        connect_cpu=connect_cpu / count * 1000,
        memory=memory / count / 1000,
        steady=steady * 100,
        median=statistics.median(delays) * 1000,
        slow=statistics.quantiles(delays, n=100)[98] * 1000,
        sent=said["sent"],
        answered=said["answered"],
    )


def fitting(wanted: int) -> int:
    """Return how many agents this process may have open, at most so many, and say so if it is fewer."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    possible = min(wanted, hard - SPARE_FILES)
    if possible < wanted:
        print(f"RLIMIT_NOFILE is {hard}, so there are {possible} agents instead of {wanted}")
    return possible


def main(arguments: list[str]) -> None:
    """Print a table: the bare echo, the OpAMP endpoint, and their ratio."""
    parser = argparse.ArgumentParser(prog="opamp")
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20, help="of steady heartbeats")
    parser.add_argument("--heartbeat", type=float, default=30, help="seconds between the heartbeats of an agent")
    options = parser.parse_args(arguments)
    count = fitting(options.agents)
    figures = []
    for kind in ("echo", "opamp"):
        with running(kind) as server:
            figures.append(uvloop.run(measure(server, count, options.seconds, options.heartbeat)))
    echo, opamp = figures
    print(f"{count} agents, a heartbeat every {options.heartbeat:g} s")
    print(f"{'':<38} {'echo':>9} {'OpAMP':>9} {'ratio':>7}")
    rows: tuple[tuple[str, float, float], ...] = (
        ("connect and report, s", echo.connect, opamp.connect),
        ("connects a second", count / echo.connect, count / opamp.connect),
        ("processor ms a connect and report", echo.connect_cpu, opamp.connect_cpu),
        ("memory kB a connection", echo.memory, opamp.memory),
        ("steady heartbeats, % of a core", echo.steady, opamp.steady),
        ("heartbeat to reply, ms, median", echo.median, opamp.median),
        ("heartbeat to reply, ms, 99th", echo.slow, opamp.slow),
        ("config of 1.5 kB to all: sent, s", echo.sent, opamp.sent),
        ("config of 1.5 kB to all: answered, s", echo.answered, opamp.answered),
    )
    for words, bare, ours in rows:
        print(f"{words:<38} {bare:>9.2f} {ours:>9.2f} {ours / bare:>6.1f}x")
