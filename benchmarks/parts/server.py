"""The server of the benchmark `opamp`, in a process of its own: `python -m benchmarks.parts.server echo|opamp`.

It prints its port, then does what each line of its standard input says and prints the outcome as JSON: `config` sends a
config to all agents, `settled` waits, `counts` says what was counted. It ends with its standard input.
"""

import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import structlog
import uvloop
from benchmarks.parts.fleet import fleet_subject
from starlette.types import ASGIApp, Receive, Scope, Send

from phoenix.core.clock import SystemClock
from phoenix.edge.opamp.admission import SCOPE
from phoenix.edge.opamp.agents import Agent, AgentReport, ConfigStatus, Offer
from phoenix.edge.opamp.app import OpampApp
from phoenix.edge.principal import Principal, PrincipalKind
from phoenix.server.ports.connections import web_server
from phoenix.server.ports.listening import listen
from phoenix.server.process import collect_rarely

CONFIG = "service: {pipelines: {metrics: {receivers: [otlp], exporters: [otlp_http]}}}\n" + "# remark\n" * 158


class Subject(Protocol):
    """What is measured; the real fleet is `benchmarks.parts.fleet`."""

    @property
    def app(self) -> ASGIApp:
        """What is served."""
        ...

    async def config(self) -> float:
        """Send a config to all and return the seconds it took; return from `answers` when all have answered."""
        ...

    async def answers(self) -> None:
        """Wait until every agent has answered."""
        ...

    async def recorded(self) -> None:
        """Wait until the database holds all that they answered."""
        ...

    async def settled(self) -> None:
        """Wait until nothing is left to do for those that have connected."""
        ...

    def counts(self) -> dict[str, float]:
        """Return what was counted so far."""
        ...

    async def close(self) -> None:
        """End what it runs."""
        ...


class Forgetful:
    """Has no database, and nothing to do for those that connect."""

    async def recorded(self) -> None:
        """Return at once."""

    async def settled(self) -> None:
        """Return at once."""

    def counts(self) -> dict[str, float]:
        """Return nothing."""
        return {}


class Hosts:
    """Knows every host by its token."""

    async def authenticate(self, token: str) -> Principal:
        """Return the host."""
        return Principal(token, PrincipalKind.HOST, token, frozenset({SCOPE}))


class Opamp(Forgetful):
    """The endpoint with a handler that keeps the agents and counts what they apply."""

    def __init__(self) -> None:
        self._opamp = OpampApp(Hosts(), self, SystemClock())
        self._agents: set[Agent] = set()
        self._applied = 0

    @property
    def app(self) -> ASGIApp:
        """The endpoint."""
        return self._opamp

    async def connected(self, agent: Agent) -> None:
        """Keep it."""
        self._agents.add(agent)

    async def reported(self, _agent: Agent, report: AgentReport) -> None:
        """Count what it applied."""
        self._applied += report.status is ConfigStatus.APPLIED

    async def disconnected(self, agent: Agent, _reason: str) -> None:
        """Forget it."""
        self._agents.discard(agent)

    async def clashed(self, agent: Agent, other: Agent) -> None:
        """Fail: every agent has a uid of its own."""
        raise AssertionError(f"{agent.uid} came as {other.uid}")

    async def config(self) -> float:
        """Offer a config to all, one after the other."""
        begun = time.perf_counter()
        for agent in tuple(self._agents):
            await agent.offer(Offer(CONFIG, "0a" * 32))
        return time.perf_counter() - begun

    async def answers(self) -> None:
        """Wait until all have applied it."""
        while self._applied < len(self._agents):  # noqa: ASYNC110 # counted one by one
            await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Close all agents."""
        await self._opamp.close()


class Echo(Forgetful):
    """Sends back what it gets."""

    def __init__(self) -> None:
        self._sockets: set[Send] = set()
        self._configs = 0
        self._got = 0

    @property
    def app(self) -> ASGIApp:
        """The echo."""
        return self._serve

    async def _serve(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sockets.add(send)
        while (event := await receive())["type"] == "websocket.receive":
            self._got += 1
            if self._configs == 0:
                await send({"type": "websocket.send", "bytes": event["bytes"]})
        self._sockets.discard(send)

    async def config(self) -> float:
        """Send as many bytes to all, one after the other; what comes then are answers."""
        self._configs, self._got = len(self._sockets), 0
        content = CONFIG.encode()
        begun = time.perf_counter()
        for send in tuple(self._sockets):
            await send({"type": "websocket.send", "bytes": content})
        return time.perf_counter() - begun

    async def answers(self) -> None:
        """Wait until all have answered."""
        while self._got < self._configs:  # noqa: ASYNC110 # counted one by one
            await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Leave the sockets to the web server."""


async def serve(subject: Subject) -> None:
    """Serve until standard input ends; each line of it is an order, answered by a line when it is done."""
    listener = listen("127.0.0.1", 0, "benchmark")
    server = web_server(subject.app, tls=None, head_seconds=10, shutdown_seconds=1)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.serving.wait()
    collect_rarely()
    say({"port": listener.getsockname()[1]})
    while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
        say(await obey(subject, order))
    await subject.close()
    server.stop(at_once=True)
    await serving


async def obey(subject: Subject, order: str) -> dict[str, float]:
    """Do what is asked; return the seconds it took, or what was counted."""
    begun = time.perf_counter()
    if order == "counts":
        return subject.counts()
    if order == "settled":
        await subject.settled()
        return {"settled": time.perf_counter() - begun}
    sent = await subject.config()
    await subject.answers()
    answered = time.perf_counter() - begun
    await subject.recorded()
    return {"sent": sent, "answered": answered, "recorded": time.perf_counter() - begun}


def say(what: Any) -> None:
    """Print a line that is read at once."""
    print(json.dumps(what), flush=True)


SUBJECTS: dict[str, type[Opamp | Echo]] = {"opamp": Opamp, "echo": Echo}


async def main(kind: str, *options: str) -> None:
    """Serve what is named; the fleet needs a database, the number of hosts and a file for their tokens."""
    # Standard output is for answers; a fleet that connects at once has nothing to say below this.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if kind == "fleet":
        url, count, tokens = options
        async with fleet_subject(url, int(count), Path(tokens)) as subject:
            await serve(subject)
    else:
        await serve(SUBJECTS[kind]())


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
