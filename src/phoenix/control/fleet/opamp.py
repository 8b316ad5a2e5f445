"""The fleet behind the OpAMP endpoint: which host speaks, and what it says.

Implements `edge.opamp.agents.AgentHandler`, whose calls come in order for each host. A host is that of the credential,
whatever uid its supervisor has.
"""

import asyncio
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import structlog

from phoenix.control.fleet.live.library import Library
from phoenix.control.fleet.live.session import Changes, Collector, HealthWatch, HostSession, Taken
from phoenix.control.fleet.live.steps import Steps
from phoenix.control.fleet.live.works import Save, Take
from phoenix.control.fleet.live.writing import WriteBehind
from phoenix.control.fleet.model import EventKind, HostEvent, HostState
from phoenix.control.fleet.rules.evidence import Readings
from phoenix.control.fleet.rules.marker import revision_of
from phoenix.control.fleet.rules.track import Effective, HealthSeen, Joined, Left, Limits, Status
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.telemetry import FleetTelemetry
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import HostId, RevisionId
from phoenix.edge.opamp.agents import Agent, AgentReport, ConfigStatus, Health
from phoenix.edge.principal import PrincipalKind
from phoenix.store.database import Database

# Reading a longer text would hold up the event loop.
_LONG: Final = 65_536
# What the OpAMP endpoint says when the server stops.
_STOPPING: Final = "stopping"
_PID: Final = re.compile(r" PID[ =]\d+")
_STATUS_KINDS: Final = {
    ConfigStatus.APPLYING: EventKind.APPLYING,
    ConfigStatus.APPLIED: EventKind.APPLIED,
    ConfigStatus.FAILED: EventKind.FAILED,
}

_log = structlog.get_logger("phoenix.fleet")


class FleetAgents:
    """The hosts that are connected to this replica.

    Args:
        fleet: the service.
        database: for what this replica writes by itself.
        telemetry: the meter.
        replica: the name of this replica, unlike any other's and new at every start.
        limits: how long things may last.
    """

    def __init__(
        self,
        fleet: Fleet,
        database: Database,
        telemetry: FleetTelemetry,
        *,
        replica: str,
        limits: Limits | None = None,
    ) -> None:
        self.fleet, self.replica = fleet, replica
        self.writing, self.library = WriteBehind(database), Library()
        self.telemetry = telemetry
        self.steps = Steps(fleet, self.writing, self.library, telemetry, limits or Limits())
        self._sessions: dict[HostId, HostSession] = {}
        # Hosts in which something is under way: the others are left in peace by the reconcile step.
        self.active: set[HostId] = set()

    @property
    def sessions(self) -> Mapping[HostId, HostSession]:
        """The hosts that are connected to this replica."""
        return MappingProxyType(self._sessions)

    async def connected(self, agent: Agent) -> None:
        """Take the host, unless another supervisor with its credential is live: then this one gets nothing."""
        host = HostId(agent.principal.id)
        if agent.principal.kind is not PrincipalKind.HOST:
            await agent.close("only hosts connect here, each with its own credential")
            return
        session = self._sessions.get(host)
        if session is not None and session.agent is not agent:
            await self._refuse_second(session, agent)
            return
        if session is None:
            await self._open(host, agent)

    async def clashed(self, agent: Agent, other: Agent) -> None:
        """Write down that two live supervisors had one uid; `agent` comes back with another."""
        text = f"uid {other.uid} came a second time and was given {agent.uid}"
        for host in sorted({agent.principal.id, other.principal.id}):
            await self._note(HostId(host), EventKind.CLASHED, text=text)

    async def reported(self, agent: Agent, report: AgentReport) -> None:
        """Take note of what is new, and act on it at once: a failed config leaves the host dark."""
        session = self._sessions.get(HostId(agent.principal.id))
        if session is None or session.agent is not agent:
            return
        revision = await _revision_of(report)
        async with session.lock:
            session.heard_at = self.fleet.clock.monotonic()
            await self._describe(session, report)
            if report.attributes is not None and not session.track.joined:
                await self._join(session, report)
            elif report.status is not None:
                await self._note_status(session, report)
                said = Status(report.status, report.status_digest, report.status_error)
                await self.steps.feed(session, said)
            if report.effective is not None:
                await self._effective(session, revision)
            if report.health is not None:
                await self._health(session, report.health)
            self.active.add(session.host)
        self.forget_if_ended(session)

    async def disconnected(self, agent: Agent, reason: str) -> None:
        """Let the host go; a second supervisor that waited takes its place."""
        host = HostId(agent.principal.id)
        session = self._sessions.get(host)
        if session is None:
            return
        if session.agent is not agent:
            if agent in session.others:
                session.others.remove(agent)
                await self._note(host, EventKind.CLASH_ENDED, text=f"uid {agent.uid} is gone")
                async with session.lock:
                    await self.steps.feed(session)
            return
        del self._sessions[host]
        self.active.discard(host)
        async with session.lock:
            others, session.others = session.others, []
            await self.steps.feed(session, Left())
            session.ended = True
        await self._note(host, EventKind.DISCONNECTED, text=reason)
        await self._later(session, {"last_seen": self.fleet.clock.now()})
        if reason == _STOPPING:
            # Nobody takes another step: what was said last is written now.
            await self.writing.flush()
        elif others:
            await self._open(host, others[-1], others[:-1])

    async def end(self, session: HostSession, reason: str) -> None:
        """Let go of a host that this replica holds no more; its supervisor connects to the one that does."""
        session.ended = True
        self.forget_if_ended(session)
        await session.agent.close(reason)

    async def _open(self, host: HostId, agent: Agent, others: list[Agent] | None = None) -> None:
        now = self.fleet.clock.now()

        try:
            taken: Taken = await self.writing.commit(Take(host, agent.uid, self.replica, now, self.library))
        except PhoenixError as error:
            _log.warning("a host could not be taken", host=host, error=error.message)
            await agent.close(f"try again later: {error.message}")
            return
        row, current, monotonic = taken.row, taken.track.current, self.fleet.clock.monotonic()
        latest = self.telemetry.latest_own(host)
        self._sessions[host] = HostSession(
            host=host,
            agent=agent,
            epoch=taken.epoch,
            track=taken.track,
            wish=(row.desired_at, taken.track.desired.id if taken.track.desired else None),
            offered_since=monotonic - max(0.0, (now - (row.offered_at or now)).total_seconds()),
            condition=(HostState(row.condition) if row.condition else None, row.reason),
            collector=Collector(version=row.collector_version, components=_components(row.components)),
            heard_at=monotonic,
            readings=None if current is None else Readings(current.id, 0 if latest is None else latest.time),
            health=HealthWatch(None if row.healthy is None else (row.healthy, row.health_text)),
            others=others or [],
        )
        if row.uid not in (None, agent.uid):
            await self._note(host, EventKind.UID_CHANGED, text=f"{row.uid} is now {agent.uid}")
        await self._note(host, EventKind.CONNECTED, text=f"over {agent.transport}")
        self.active.add(host)

    async def _refuse_second(self, session: HostSession, agent: Agent) -> None:
        session.others.append(agent)
        text = f"uid {agent.uid} came with this host's credential while {session.agent.uid} is live"
        await self._note(session.host, EventKind.CLASHED, text=text)
        async with session.lock:
            await self.steps.feed(session)

    async def _describe(self, session: HostSession, report: AgentReport) -> None:
        """Take note of what the collector is, and let configs that it cannot run be known."""
        collector = session.collector
        values: dict[str, Any] = {}
        if report.new_process:
            await self._note(session.host, EventKind.RESTARTED, text="the supervisor has just started")
        if report.attributes is not None:
            collector.name = report.attributes.get("service.name", "")
            version = report.attributes.get("service.version", "")
            if version != collector.version:
                collector.version = values["collector_version"] = version[:64]
        if report.components is not None and dict(report.components) != dict(collector.components):
            collector.components = report.components
            values["components"] = {kind: list(names) for kind, names in report.components.items()}
        if values:
            await self._later(session, values)
        if values or report.attributes is not None:
            await self.steps.want(session, session.track.desired)

    async def _join(self, session: HostSession, report: AgentReport) -> None:
        if report.status is not None and report.status_digest:
            await self._note_status(session, report)
        polls = session.agent.transport == "http"
        joined = Joined(report.status, report.status_digest, report.status_error, polls)
        await self.steps.feed(session, joined)

    async def _effective(self, session: HostSession, revision: RevisionId | None) -> None:
        if revision != session.track.effective:
            await self._later(session, {"effective": revision})
        await self.steps.feed(session, Effective(revision))

    async def _health(self, session: HostSession, health: Health) -> None:
        now, text = self.fleet.clock.monotonic(), health_text(health)
        session.crashes = session.crashes.seen(health, now)
        session.health.hear(health.healthy, text, now)
        looping = not health.healthy and session.crashes.looping(now)
        await self.steps.feed(session, HealthSeen(health.healthy, looping, text))

    async def _note_status(self, session: HostSession, report: AgentReport) -> None:
        kind = _STATUS_KINDS.get(report.status or ConfigStatus.UNSET)
        if kind is not None:
            revision = self.library.with_digest(report.status_digest)
            unknown = f"config {report.status_digest[:12]}" if revision is None else ""
            text = ": ".join(filter(None, (unknown, report.status_error)))
            await self._note(session.host, kind, revision, text)

    async def _note(self, host: HostId, kind: EventKind, revision: RevisionId | None = None, text: str = "") -> None:
        await self.writing.note(HostEvent(host, self.fleet.clock.now(), kind, revision, text))

    async def _later(self, session: HostSession, values: dict[str, Any]) -> None:
        await self.writing.later(Save(session.host, session.epoch, Changes(values), self.fleet.clock.now()))

    def forget_if_ended(self, session: HostSession) -> None:
        """Forget a host that turned out to be held by another replica."""
        if session.ended and self._sessions.get(session.host) is session:
            del self._sessions[session.host]
            self.active.discard(session.host)


def health_text(health: Health) -> str:
    """Return what ails a collector: its own error, else those of its components; empty when nothing does."""
    if health.healthy:
        return ""
    if health.error:
        # The process that exited is another one at every turn of a crash loop, and says nothing to a person.
        return _PID.sub("", health.error)
    ailing = [f"{name}: {text}" for name, part in health.components.items() if (text := health_text(part))]
    return "; ".join(ailing) or health.status


async def _revision_of(report: AgentReport) -> RevisionId | None:
    if report.effective is None:
        return None
    if len(report.effective) > _LONG:
        return await asyncio.to_thread(revision_of, report.effective)
    return revision_of(report.effective)


def _components(stored: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(names) for kind, names in stored.items()}
