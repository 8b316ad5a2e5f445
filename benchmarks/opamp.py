"""Thousands of simulated agents on the OpAMP endpoint, against a bare WebSocket echo on the same web server.

The server is a process of its own; the agents live in this one. Ratios are over echo: what sessions, reports, replies
and counters cost on top of sockets, frames and keep-alive pings; with `--database` also what the fleet behind them
costs, that is credentials, offers, history, the reconcile loop and the rows, on SQLite and on PostgreSQL.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import uvloop
from benchmarks.parts.agents import Agents
from tests.support.store.postgres import postgres_server

SPARE_FILES = 200
WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server took.

    Attributes:
        connect: seconds until every agent was connected and its first report answered.
        connect_cpu: milliseconds of processor time a connection.
        memory: kilobytes of resident memory a connection.
        steady: percent of a core while nothing but heartbeats comes.
        median, slow: milliseconds from a heartbeat to its reply, the 50th and the 99th percentile.
        sent, answered, recorded: seconds until a config was sent to all, all answered, the rows of all said so.
        config_cpu: milliseconds of processor time a host for that, and until it was proved.
        settled: seconds from the first connection until all had their first config and the rows said that it is proved.
        refused: how often an agent was told to come back later, since too many joined at once.
        counted: of the database, at each stage.
    """

    connect: float
    connect_cpu: float
    memory: float
    steady: float
    median: float
    slow: float
    sent: float
    answered: float
    recorded: float
    config_cpu: float
    settled: float
    refused: float = 0
    counted: dict[str, dict[str, float]] = field(default_factory=dict)


class Server:
    """A server process: `echo`, `opamp` or `fleet`, whose agents have these credentials."""

    def __init__(self, kind: str, process: "subprocess.Popen[str]", tokens: Path | None) -> None:
        self.kind = kind
        self._process = process
        self.port = int(json.loads(self._say_nothing())["port"])
        self.tokens = tokens.read_text(encoding="ascii").split() if tokens else []

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
def running(kind: str, *options: str) -> Iterator[Server]:
    """Start a server in a process of its own and stop it afterwards."""
    command = [sys.executable, "-m", "benchmarks.parts.server", kind, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(kind, process, Path(options[-1]) if options else None)
        finally:
            _stream(process.stdin).close()
            process.wait(timeout=60)


async def measure(server: Server, count: int, seconds: float, heartbeat: float) -> Figures:
    """Connect so many agents, watch them for a while, send them a config, and return what it took."""
    agents = Agents(server.port, count, kind=server.kind, tokens=server.tokens)
    counted = {"before": server.ask("counts")}
    resident, cpu, begun = server.resident(), server.processor_seconds(), time.perf_counter()
    pulse = asyncio.create_task(agents.pulse(heartbeat))
    await agents.connect()
    connect = time.perf_counter() - begun
    await _while_agents_answer(server, "settled")
    settled, connect_cpu = time.perf_counter() - begun, server.processor_seconds() - cpu
    memory, counted["connected"] = server.resident() - resident, server.ask("counts")
    await asyncio.sleep(1)
    cpu = server.processor_seconds()
    agents.delays.clear()
    await asyncio.sleep(seconds)
    delays = list(agents.delays)
    steady, counted["steady"] = (server.processor_seconds() - cpu) / seconds, server.ask("counts")
    cpu = server.processor_seconds()
    said = await _while_agents_answer(server, "config")
    await _while_agents_answer(server, "settled")
    config_cpu, counted["config"] = server.processor_seconds() - cpu, server.ask("counts")
    pulse.cancel()
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
        recorded=said["recorded"],
        config_cpu=config_cpu / count * 1000,
        settled=settled,
        refused=agents.refused / count,
        counted=counted,
    )


async def _while_agents_answer(server: Server, order: str) -> dict[str, float]:
    async with asyncio.timeout(WAIT_SECONDS):
        return await asyncio.to_thread(server.ask, order)


def fitting(wanted: int) -> int:
    """Return how many agents this process may have open, at most so many, and say so if it is fewer."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    possible = min(wanted, hard - SPARE_FILES)
    if possible < wanted:
        print(f"RLIMIT_NOFILE is {hard}, so there are {possible} agents instead of {wanted}")
    return possible


def main(arguments: list[str]) -> None:
    """Print a table: the bare echo, the OpAMP endpoint, with `--database` the whole fleet, and ratios to the echo."""
    parser = argparse.ArgumentParser(prog="opamp")
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20, help="of steady heartbeats")
    parser.add_argument("--heartbeat", type=float, default=30, help="seconds between the heartbeats of an agent")
    parser.add_argument("--database", action="store_true", help="the real fleet too, on SQLite and on PostgreSQL")
    parser.add_argument("--only", choices=("echo", "opamp", "sqlite", "postgresql"), action="append")
    options = parser.parse_args(arguments)
    count = fitting(options.agents)
    wanted = options.only or ("echo", "opamp", *(("sqlite", "postgresql") if options.database else ()))
    figures = {}
    for name in wanted:
        with ExitStack() as stack:
            server = stack.enter_context(running(*_command(name, count, stack)))
            figures[name] = uvloop.run(measure(server, count, options.seconds, options.heartbeat))
    print(f"{count} agents, a heartbeat every {options.heartbeat:g} s; load of the machine {os.getloadavg()[0]:.1f}")
    _print_table(figures)
    for name, figure in figures.items():
        if counted := figure.counted["config"]:
            _print_counted(name, figure.counted, count, options.seconds)
            print(f"  a host enrolled beforehand, one after the other: {counted['enrol'] * 1000:.1f} ms")


def _command(name: str, count: int, stack: ExitStack) -> tuple[str, ...]:
    if name in ("echo", "opamp"):
        return (name,)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="phoenix-bench-"))
    if name == "sqlite":
        url = f"sqlite+aiosqlite:///{folder}/phoenix.db"
    else:
        url = stack.enter_context(postgres_server(durable=True)).create()
    return "fleet", url, str(count), f"{folder}/tokens"


def _print_table(figures: dict[str, Figures]) -> None:
    print(f"{'':<44}" + "".join(f"{name:>12}" + " " * 7 for name in figures))
    rows = {
        "connect and report, s": "connect",
        "told to come back later, times": "refused",
        "until each has its first config, proved, s": "settled",
        "processor ms a host until then": "connect_cpu",
        "memory kB a host": "memory",
        "steady heartbeats, % of a core": "steady",
        "heartbeat to reply, ms, median": "median",
        "heartbeat to reply, ms, 99th": "slow",
        "another config to all: sent, s": "sent",
        "another config to all: answered, s": "answered",
        "another config to all: in the rows, s": "recorded",
        "processor ms a host for it, until proved": "config_cpu",
    }
    for words, attribute in rows.items():
        values = [getattr(figure, attribute) for figure in figures.values()]
        print(f"{words:<44}" + "".join(f"{value:12.2f} {_ratio(value, values[0])}" for value in values))


def _ratio(value: float, bare: float) -> str:
    return f"{value / bare:5.1f}x" if bare else " " * 6


def _print_counted(name: str, counted: dict[str, dict[str, float]], count: int, seconds: float) -> None:
    def between(first: str, last: str) -> tuple[float, float]:
        before, after = counted[first], counted[last]
        return after["statements"] - before["statements"], after["transactions"] - before["transactions"]

    print(f"\n{name}: statements and transactions")
    for words, spans, unit in (
        ("to connect and get a config, a host", between("before", "connected"), count),
        (f"in {seconds:.0f} s of heartbeats, in all", between("connected", "steady"), 1),
        ("another config, a host", between("steady", "config"), count),
    ):
        print(f"  {words:<42}{spans[0] / unit:10.2f}{spans[1] / unit:10.3f}")
