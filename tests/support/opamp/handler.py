"""The feature behind the agents and the one that knows credentials, as fakes that remember."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from phoenix.core.errors import DeniedError
from phoenix.edge.opamp.admission import SCOPE
from phoenix.edge.opamp.agents import Agent, AgentReport
from phoenix.edge.principal import Principal, PrincipalKind


@dataclass
class RecordingHandler:
    """Remembers what it was told, in order.

    Attributes:
        events: (what, uid, the rest).
        slow: hosts whose events wait until the event is set.
    """

    events: list[tuple[str, str, object]] = field(default_factory=list)
    agents: dict[str, Agent] = field(default_factory=dict)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    broken: bool = False

    async def connected(self, agent: Agent) -> None:
        await self._note("connected", agent, agent.transport)
        self.agents[agent.uid] = agent

    async def reported(self, agent: Agent, report: AgentReport) -> None:
        await self._note("reported", agent, report)

    async def disconnected(self, agent: Agent, reason: str) -> None:
        await self._note("disconnected", agent, reason)
        self.agents.pop(agent.uid, None)

    async def clashed(self, agent: Agent, other: Agent) -> None:
        await self._note("clashed", agent, other.uid)

    async def _note(self, what: str, agent: Agent, rest: object) -> None:
        if gate := self.slow.get(agent.principal.id):
            await gate.wait()
        self.events.append((what, agent.uid, rest))
        if self.broken:
            raise ZeroDivisionError

    def of(self, what: str, uid: str | None = None) -> list[object]:
        """Return the rest of the events of one kind, of one agent or of all."""
        return [rest for kind, of, rest in self.events if kind == what and uid in (None, of)]

    def reports(self, uid: str | None = None) -> list[AgentReport]:
        return [rest for rest in self.of("reported", uid) if isinstance(rest, AgentReport)]

    def last(self, part: str, uid: str | None = None) -> object:
        """Return what was said last of a part of a report."""
        said = [value for report in self.reports(uid) if (value := getattr(report, part)) is not None]
        return said[-1] if said else None


class TokenUnknownError(DeniedError):
    """Nobody has this token."""

    code = "TEST_TOKEN_UNKNOWN"
    user_action = "Give another."


class Tokens:
    """Knows hosts by the tokens `host-...`, others by what `others` says; `withdrawn` ones are nobody's."""

    def __init__(self, **others: PrincipalKind) -> None:
        self.others = others
        self.withdrawn: set[str] = set()
        self.failing: Exception | None = None
        self.asked = itertools.count()

    async def authenticate(self, token: str) -> Principal:
        next(self.asked)
        if self.failing is not None:
            raise self.failing
        kind = self.others.get(token, PrincipalKind.HOST if token.startswith("host-") else None)
        if kind is None or token in self.withdrawn:
            raise TokenUnknownError(f"token {token} is nobody's")
        return Principal(token, kind, token, frozenset({SCOPE}) if kind is PrincipalKind.HOST else frozenset())


async def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 # what is waited for is not told by an event
            await asyncio.sleep(0.005)
