"""The agents that are connected, by uid: who joins, what each says, who leaves. Both transports call it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from phoenix.core.clock import Clock
from phoenix.edge.opamp.admission import Admission
from phoenix.edge.opamp.agents import AgentHandler, AgentReport
from phoenix.edge.opamp.counters import OpampCounters
from phoenix.edge.opamp.errors import AgentBusyError
from phoenix.edge.opamp.limits import OpampLimits
from phoenix.edge.opamp.live import Line, LiveAgent
from phoenix.edge.opamp.mailboxes import Mailboxes
from phoenix.edge.opamp.offers import OfferCheck
from phoenix.edge.opamp.session import news, rules, wire
from phoenix.edge.principal import Principal
from phoenix.protocol import opamp_pb2 as pb

# How long an agent that was given another uid may take to come with it.
RENAMED_SECONDS: Final = 600.0
# And how long it is told so again without asking the holder of its old uid for another sign of life.
_TOLD_AGAIN_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


class ClashError(Exception):
    """An agent came with the uid of another that is live; the answer gives it another one."""

    def __init__(self, answer: pb.ServerToAgent) -> None:
        super().__init__()
        self.answer = answer


@dataclass(slots=True)
class _Renamed:
    """An agent that was given a new uid and has not yet come with it."""

    agent: LiveAgent
    old: str
    at: float


class Hub:
    """All agents of this process.

    Attributes:
        agents: those that are connected, by uid.
        admission: who is let in.
        mailboxes: what the handler has not yet been told.
    """

    def __init__(
        self, admission: Admission, handler: AgentHandler, clock: Clock, limits: OpampLimits, counters: OpampCounters
    ) -> None:
        self.admission = admission
        self.limits = limits
        self.counters = counters
        self.clock = clock
        self.agents: dict[str, LiveAgent] = {}
        self.mailboxes = Mailboxes(limits.queue, counters.handler_errors)
        self._handler = handler
        self._offer_check = OfferCheck()
        self._renamed: dict[str, _Renamed] = {}
        self._connected = {name: counters.connected.labels(name) for name in ("websocket", "http")}
        self._messages = {
            (name, kind): counters.messages.labels(name, kind)
            for name in ("websocket", "http")
            for kind in ("heartbeat", "report", "bad")
        }

    async def join(self, uid: str, principal: Principal, line: Line) -> LiveAgent:
        """Return the agent that speaks with this uid over this line from now on.

        If another holds the uid, it is asked for a sign of life first: a host that lost its connection comes back while
        the server still takes the old socket for open. One that answers is another agent.

        Raises:
            ClashError: another agent that is live has this uid.
        """
        if (renamed := self._renamed.get(uid)) and renamed.agent.principal.id == principal.id:
            del self._renamed[uid]
            renamed.agent.line = line
            return self._register(renamed.agent)
        while (other := self.agents.get(uid)) is not None:
            polls = other.transport == line.transport == "http" and other.principal.id == principal.id
            if other.line is line or polls:
                return other
            told = self._renamed_from(uid, principal, _TOLD_AGAIN_SECONDS) is not None
            if told or await self._is_live(other, principal):
                raise self.clash(other, principal, line)
            if self.agents.get(uid) is other:
                self.leave(other, "replaced")
                await other.line.close(1000, "another connection came with this instance uid")
        return self._register(self._new(uid, principal, line))

    async def _is_live(self, other: LiveAgent, principal: Principal) -> bool:
        if other.transport == "websocket":
            return await other.answers(self.limits.probe_seconds)
        # One that polls cannot be asked. It has left HTTP if it is the same host, and is another if it is not.
        quiet = self.clock.monotonic() - other.heard_at
        return other.principal.id != principal.id and quiet < self.limits.silent_seconds

    def clash(self, other: LiveAgent, principal: Principal, line: Line) -> ClashError:
        """Give the agent on `line` a new uid and tell the handler; return what must be answered.

        One that has not taken up its new uid is given the same again, and the handler is not told twice.
        """
        if earlier := self._renamed_from(other.uid, principal, RENAMED_SECONDS):
            return ClashError(wire.new_identity(other.uid, earlier.agent.uid))
        agent = self._new(wire.new_uid(self.clock.now()), principal, line)
        self._renamed[agent.uid] = _Renamed(agent, other.uid, self.clock.monotonic())
        self.counters.clashes.inc()
        _log.warning(
            "agent %s of host %s came with the uid of a live agent of host %s and was given %s",
            other.uid, principal.id, other.principal.id, agent.uid,
        )  # fmt: skip
        self.mailboxes.put_now(principal.id, partial(self._handler.clashed, agent, other))
        return ClashError(wire.new_identity(other.uid, agent.uid))

    def _renamed_from(self, uid: str, principal: Principal, seconds: float) -> _Renamed | None:
        """Return the record of this host's agent that came with this uid, was given another and has not taken it up."""
        now = self.clock.monotonic()
        for renamed in self._renamed.values():
            same = renamed.old == uid and renamed.agent.principal.id == principal.id
            if same and now - renamed.at < seconds:
                return renamed
        return None

    def _new(self, uid: str, principal: Principal, line: Line) -> LiveAgent:
        return LiveAgent(
            uid,
            principal,
            line,
            clock=self.clock,
            offer_check=self._offer_check,
            offer_seconds=self.limits.offer_seconds,
            offers=self.counters.offers,
        )

    def _register(self, agent: LiveAgent) -> LiveAgent:
        self.agents[agent.uid] = agent
        self._connected[agent.transport].inc()
        self.mailboxes.put_now(agent.principal.id, partial(self._handler.connected, agent))
        return agent

    async def hear(self, agent: LiveAgent, message: pb.AgentToServer) -> pb.ServerToAgent:
        """Take a message of an agent that joined, and return what to answer.

        Raises:
            ClashError: two agents take turns with this uid (seen over HTTP only).
            AgentBusyError: what it said before is still waiting for the handler.
        """
        spoken = news.spoken(message)
        agent.hear(full=spoken.full)
        step = rules.step(agent.session, spoken, self.clock.monotonic())
        if step.two_agents and agent.transport == "http":
            agent.session = replace(step.session, flips=0)
            raise self.clash(agent, agent.principal, agent.line)
        agent.session = step.session
        report = news.report(message, agent.known, new_process=step.new_process)
        self._messages[agent.transport, "report" if report else "heartbeat"].inc()
        if report is not None:
            agent.offer_ended(report.status, report.status_digest)
            await self._tell(agent, report, agent.line.ticket.joined if spoken.full else None)
        if message.HasField("agent_disconnect"):
            self.leave(agent, "goodbye")
        return self._answer(message, step)

    async def _tell(self, agent: LiveAgent, report: AgentReport, then: Callable[[], None] | None) -> None:
        async def tell() -> None:
            try:
                await self._handler.reported(agent, report)
            except Exception:
                agent.begin_anew()
                raise
            finally:
                if then is not None:
                    then()

        if not await self.mailboxes.put(agent.principal.id, tell, seconds=self.limits.queue_seconds):
            # What it said is lost, so it must say everything again, in a new session.
            self.leave(agent, "busy")
            raise AgentBusyError(f"the reports of host {agent.principal.id} are not taken fast enough")

    def _answer(self, message: pb.AgentToServer, step: rules.Step) -> pb.ServerToAgent:
        flags = pb.SERVER_TO_AGENT_FLAGS_REPORT_FULL_STATE if step.ask_everything else 0
        flags |= pb.SERVER_TO_AGENT_FLAGS_REPORT_AVAILABLE_COMPONENTS if step.ask_components else 0
        answer = pb.ServerToAgent(instance_uid=message.instance_uid, capabilities=wire.CAPABILITIES, flags=flags)
        if step.offer_heartbeat:
            wire.add_heartbeat(answer, self.limits.heartbeat_seconds)
        if message.flags & pb.AGENT_TO_SERVER_FLAGS_REQUEST_INSTANCE_UID:
            answer.agent_identification.new_instance_uid = wire.uid_bytes(wire.new_uid(self.clock.now()))
        return answer

    def bad_message(self, transport: str) -> None:
        """Count what was no OpAMP message."""
        self._messages[transport, "bad"].inc()

    def leave(self, agent: LiveAgent, reason: str) -> None:
        """Forget an agent and tell the handler, unless that was done before."""
        if self.agents.get(agent.uid) is not agent:
            return
        del self.agents[agent.uid]
        self._connected[agent.transport].dec()
        self.counters.closed.labels(reason).inc()
        if agent.transport == "http":
            agent.line.ticket.leave()
        self.mailboxes.put_now(agent.principal.id, partial(self._handler.disconnected, agent, reason))

    def forget_renamed(self) -> None:
        """Forget agents that never came with the uid they were given."""
        now = self.clock.monotonic()
        for uid in [uid for uid, renamed in self._renamed.items() if now - renamed.at >= RENAMED_SECONDS]:
            del self._renamed[uid]
