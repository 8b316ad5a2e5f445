"""One step for every connected host of this replica: what changed in the rows, what time and telemetry say.

Level-triggered: the step looks at the state there is, so it may come late, twice, or after a kill -9. Failures do not
wait for it: `opamp` answers them when they are said.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Arm
from phoenix.control.fleet.live.session import Changes, HostSession
from phoenix.control.fleet.live.works import Save
from phoenix.control.fleet.model import ConfigRevision, EventKind, HostEvent, Phase
from phoenix.control.fleet.opamp import FleetAgents
from phoenix.control.fleet.repository import HeldRepository, RefusalRepository, Wanted
from phoenix.control.fleet.rules.evidence import Failing, Proved, Readings, Verdict, judge
from phoenix.control.fleet.rules.track import Telemetry, Tick
from phoenix.control.fleet.rules.transitions import in_flight, running
from phoenix.core.ids import HostId

# A collector that is deployed to is unhealthy for up to a quarter of a second (facts, section 2).
HEALTH_SECONDS: Final = 0.5
# Rows are stamped by the clock of whoever wrote them, and are seen when they are committed; what comes later still is
# found by the look at all rows. While it lasts, each step reads every host that was told something else.
_OVERLAP: Final = timedelta(seconds=5)
# Refusals are few, and nobody looks at all of them again.
_LATE_REFUSALS: Final = timedelta(seconds=30)
_FENCE_SECONDS: Final = 10.0
_SEEN_SECONDS: Final = 15.0
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 500

Item = TypeVar("Item")
LastHeard = Callable[[datetime], Mapping[str, datetime]]

_log = structlog.get_logger("phoenix.fleet")


class FleetReconciler:
    """The step that `server` runs every half second.

    Args:
        agents: the connected hosts.
        last_heard: when each host was heard last, of those heard after a time: `edge.opamp.app.OpampApp.last_heard`.
    """

    def __init__(self, agents: FleetAgents, last_heard: LastHeard) -> None:
        self._agents = agents
        self._fleet = agents.fleet
        self._last_heard = last_heard
        self._heard: Mapping[str, datetime] = {}
        self._unwritten: dict[HostId, datetime] = {}
        self._wanted_to: datetime | None = None
        self._fenced_at = self._seen_at = float("-inf")

    async def step(self) -> None:
        """Move every connected host one step closer to what it should run."""
        self._hear()
        await self._see_wishes()
        await self._for_each(list(self._agents.active), self._visit)
        await self._see_fences()
        await self._write_seen()
        await self._agents.writing.flush()

    async def _for_each(self, items: Sequence[Item], visit: Callable[[Item], Awaitable[None]]) -> None:
        """Visit many hosts at once: one transaction carries what they write. One's trouble is not the others'."""
        for start in range(0, len(items), _AT_ONCE):
            visits = (visit(item) for item in items[start : start + _AT_ONCE])
            for trouble in await asyncio.gather(*visits, return_exceptions=True):
                if isinstance(trouble, Exception):
                    _log.error("a step of a host failed", error=repr(trouble), exc_info=trouble)
                elif trouble is not None:
                    raise trouble

    async def _visit(self, host: HostId) -> None:
        session = self._agents.sessions.get(host)
        if session is None:
            self._agents.active.discard(host)
            return
        async with session.lock:
            await self._host(session)
        self._agents.forget_if_ended(session)

    async def _host(self, session: HostSession) -> None:
        now = self._fleet.clock.monotonic()
        if session.owed:
            await self._agents.steps.save_again(session)
        if (health := session.health.due(now, HEALTH_SECONDS)) is not None:
            await self._show_health(session, *health)
        if (event := await self._telemetry(session)) is not None:
            await self._agents.steps.feed(session, event)
        await self._agents.steps.feed(session, Tick(session.heard_at))
        if _settled(session):
            self._agents.active.discard(session.host)

    async def _telemetry(self, session: HostSession) -> Telemetry | None:
        """Return what telemetry says of the config that a host was offered last; None when it is proved already."""
        track = session.track
        if track.current is None or session.readings is None or track.phase in (Phase.NONE, Phase.PROVED):
            return None
        session.readings = session.readings.with_reading(self._agents.telemetry.latest_own(session.host))
        if in_flight(track.phase):
            return None
        await self._agents.steps.have([track.current.id])
        found = self._verdict(session, session.readings, self._agents.library.get(track.current.id))
        if isinstance(found, Failing):
            return Telemetry(track.current.id, proved=False, failing=f"exporter {found.exporter}: {found.error}")
        return Telemetry(track.current.id, proved=isinstance(found, Proved))

    def _verdict(self, session: HostSession, readings: Readings, revision: ConfigRevision) -> Verdict:
        seen, clock = {}, self._fleet.clock
        if revision.experiment is not None:
            for arm in Arm:
                at = self._agents.telemetry.arm_seen(revision.experiment, session.host, arm.value, revision.id)
                if at is not None:
                    seen[arm] = at
        return judge(
            revision,
            readings,
            effective=session.track.effective,
            arms_seen=seen,
            since=clock.now() - timedelta(seconds=clock.monotonic() - session.offered_since),
        )

    async def _show_health(self, session: HostSession, healthy: bool, text: str) -> None:
        now, host, epoch = self._fleet.clock.now(), session.host, session.epoch
        kind = EventKind.HEALTHY if healthy else EventKind.UNHEALTHY
        await self._agents.writing.note(HostEvent(host, now, kind, session.track.effective, text))

        values = {"healthy": healthy, "health_text": text}
        await self._agents.writing.later(Save(host, epoch, Changes(values), now))

    async def _see_wishes(self) -> None:
        """Take up what rows want since the last look."""
        now = self._fleet.clock.now()
        since = None if self._wanted_to is None else self._wanted_to - _OVERLAP
        rows = await self._wanted(since)
        self._wanted_to = now
        await self._take_up(rows)

    async def _take_up(self, rows: Sequence[Wanted]) -> None:
        # Nearly all rows say what is known: a task for each would take longer than all that follows.
        await self._for_each([row for row in rows if self._session_of(row) is not None], self._see_wish)

    def _session_of(self, row: Wanted) -> HostSession | None:
        """Return the session of a host that wants something else than it did at the last look."""
        session = self._agents.sessions.get(row.host)
        if session is None or row.desired is None or row.epoch != session.epoch:
            return None
        return None if (row.desired_at, row.desired) == session.wish else session

    async def _see_wish(self, row: Wanted) -> None:
        session = self._session_of(row)
        if session is None or row.desired is None:
            return
        async with session.lock:
            await self._agents.steps.have([row.desired])
            session.wish = row.desired_at, row.desired
            await self._agents.steps.want(session, self._agents.library.ref(row.desired))
        self._agents.active.add(row.host)

    async def _wanted(self, since: datetime | None) -> list[Wanted]:
        async def look(session: AsyncSession) -> list[Wanted]:
            rows = await HeldRepository(session).wanted(self._agents.replica, since)
            library = self._agents.library
            if since is not None:
                library.failed(await RefusalRepository(session).since(since - _LATE_REFUSALS))
            wanted = {row.desired for row in rows if row.desired is not None}
            await library.load(session, sorted(wanted)[:_AT_ONCE])
            return rows

        return await self._agents.writing.read(look)

    async def _see_fences(self) -> None:
        """Close the sockets of hosts that another replica holds by now, and see wishes that were committed late."""
        if self._fleet.clock.monotonic() - self._fenced_at < _FENCE_SECONDS:
            return
        self._fenced_at = self._fleet.clock.monotonic()
        sessions = list(self._agents.sessions.values())
        rows = await self._wanted(None)
        held = {row.host: row.epoch for row in rows}
        for session in sessions:
            if held.get(session.host) != session.epoch and self._agents.sessions.get(session.host) is session:
                await self._agents.end(session, "another replica holds this host now")
        await self._take_up(rows)

    def _hear(self) -> None:
        # By what changed, not by what is later: the clock may be set back.
        heard = self._last_heard(_EVER)
        for name, at in heard.items():
            session = self._agents.sessions.get(HostId(name))
            if session is not None and self._heard.get(name) != at:
                session.heard_at = self._fleet.clock.monotonic()
                self._unwritten[session.host] = at
        self._heard = heard

    async def _write_seen(self) -> None:
        """Write when hosts were heard, all at once and now and then: heartbeats never touch the database."""
        if not self._unwritten or self._fleet.clock.monotonic() - self._seen_at < _SEEN_SECONDS:
            return
        self._seen_at = self._fleet.clock.monotonic()
        seen, self._unwritten = self._unwritten, {}
        await self._agents.writing.write(lambda session: HeldRepository(session).seen(seen))


def _settled(session: HostSession) -> bool:
    """Return whether nothing is under way in a host, so that only news of it need be looked at."""
    track = session.track
    running_as_told = track.effective is None or track.current is None or track.effective == track.current.id
    return (
        track.joined
        and running(track.phase)
        and track.proved == track.current
        and running_as_told
        and not track.repeating
        and not session.owed
        and session.health.heard == session.health.shown
    )
