"""Feeds events to a host's offers and does what they ask for: write first, then send.

What is written before it is sent survives a kill -9: the next server sees the offer, and what the agent says of it. One
exception: a failure is answered even when the database cannot be written, for the host is dark; the rows follow.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import structlog

from phoenix.control.fleet.errors import HostFencedError
from phoenix.control.fleet.live.library import Library, ref_of
from phoenix.control.fleet.live.session import Changes, HostSession, columns, unfit_of
from phoenix.control.fleet.live.works import Copy, Save
from phoenix.control.fleet.live.writing import WriteBehind
from phoenix.control.fleet.model import EventKind, FailureCode, HostEvent
from phoenix.control.fleet.repository import Refused
from phoenix.control.fleet.rules.evidence import Readings
from phoenix.control.fleet.rules.offers import Action, Advance, Fail, Prove, Refuse, Repeat, Send, advance
from phoenix.control.fleet.rules.track import Event, Limits, Ref, Repeated, Track, Undelivered, Wanted
from phoenix.control.fleet.service import NO_FAILURE, Fleet
from phoenix.control.fleet.telemetry import FleetTelemetry
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import RevisionId
from phoenix.edge.opamp.agents import Offer

# How long the answer to a failure waits for the database.
_WRITE_SECONDS: Final = 1.0
# A step may lead to another (a copy was made, an offer could not be sent), never to an endless row of them.
_MOST_STEPS: Final = 8

_KINDS: Final = {
    FailureCode.REFUSED_BY_HOST: EventKind.FAILED,
    FailureCode.TIMED_OUT: EventKind.TIMED_OUT,
    FailureCode.CRASH_LOOP: EventKind.CRASH_LOOP,
    FailureCode.EXPORTER_FAILING: EventKind.EXPORTER_FAILING,
    FailureCode.DRIFTED: EventKind.DRIFTED,
    FailureCode.FAILED_ELSEWHERE: EventKind.WITHHELD,
    FailureCode.INCOMPATIBLE: EventKind.INCOMPATIBLE,
}

_log = structlog.get_logger("phoenix.fleet")


class Steps:
    """Does the steps of every connected host; the caller holds the lock of the session."""

    def __init__(
        self, fleet: Fleet, writing: WriteBehind, library: Library, telemetry: FleetTelemetry, limits: Limits
    ) -> None:
        self._fleet = fleet
        self._writing = writing
        self._library = library
        self._telemetry = telemetry
        self._limits = limits

    async def feed(self, session: HostSession, *events: Event) -> None:
        """Let events happen, one after the other, and do what they ask for."""
        waiting = list(events)
        for _ in range(_MOST_STEPS + len(events)):
            if not waiting or session.ended:
                break
            waiting = [*await self._step(session, waiting[0]), *waiting[1:]]
        await self._note_condition(session)

    async def want(self, session: HostSession, desired: Ref | None) -> None:
        """Let a host want something else, or see anew what it can run."""
        refs = {desired, *session.track.base}
        await self.have({ref.id for ref in refs if ref is not None})
        unfit = unfit_of(session.collector, refs, self._library, self._fleet.pinned_version)
        await self.feed(session, Wanted(desired, unfit=unfit))

    async def have(self, revisions: Collection[RevisionId]) -> None:
        """Have these configs in memory: a large fleet runs more of them than are kept."""
        missing = [revision for revision in revisions if not self._library.has(revision)]
        if missing:
            await self._writing.read(lambda session: self._library.load(session, missing))

    async def save_again(self, session: HostSession) -> None:
        """Write what could not be written when it happened."""
        await self._save(session, Changes(), in_time=False)

    async def _step(self, session: HostSession, event: Event) -> Sequence[Event]:
        """Let one event happen; return what follows from it."""
        before = session.track
        result = self._advance(session, event)
        session.track = result.track
        changes = self._changes(session, event, before, result)
        urgent = any(isinstance(action, Send) and action.restores for action in result.actions)
        saved = not changes or await self._save(session, changes, in_time=urgent)
        await self._writing.note(*changes.events)
        if before.current != result.track.current or (before.proved and not result.track.proved):
            self._forget_readings(session)
        follows: list[Event] = []
        for action in result.actions:
            if session.ended:
                break
            if isinstance(action, Send):
                follows += await self._send(session, action) if saved or urgent else [Undelivered()]
            elif isinstance(action, Repeat):
                follows.append(await self._repeat(session, action.ref))
        return follows

    def _advance(self, session: HostSession, event: Event) -> Advance:
        """Return the step, taken with what has failed on other hosts by now."""
        track, desired = session.track, session.track.desired
        if isinstance(event, Wanted):
            desired = event.desired
        digests = {ref.digest for ref in (desired, *track.base) if ref is not None}
        elsewhere = self._library.failed_elsewhere(session.host, digests)
        if isinstance(event, Wanted):
            event = replace(event, elsewhere=elsewhere)
        return advance(replace(track, elsewhere=elsewhere), event, self._fleet.clock.monotonic(), self._limits)

    def _changes(self, session: HostSession, event: Event, before: Track, result: Advance) -> Changes:
        now, after = self._fleet.clock.now(), result.track
        changes = Changes(columns(before, after, now))
        if "offered" in changes.values:
            session.offered_since = self._fleet.clock.monotonic()
            changes.values["offered_at"] = now
        if not isinstance(event, Wanted) and before.desired and after.desired and before.desired != after.desired:
            changes.desired = before.desired, after.desired
        for action in result.actions:
            self._note(session, action, changes)
        return changes

    def _note(self, session: HostSession, action: Action, changes: Changes) -> None:
        now = self._fleet.clock.now()

        def event(kind: EventKind, ref: Ref | None, text: str = "") -> None:
            changes.events.append(HostEvent(session.host, now, kind, None if ref is None else ref.id, text))

        match action:
            case Send(ref, restores):
                session.offered_since = self._fleet.clock.monotonic()
                changes.values["offered_at"] = now
                event(EventKind.OFFERED, ref, "the last good config" if restores else "")
            case Refuse(digest, code, text):
                changes.refusals.append(action)
                self._library.failed([Refused(digest, session.host, session.agent.principal.name, code, text)])
                revision = self._library.with_digest(digest)
                if code is not FailureCode.REFUSED_BY_HOST:
                    # What the host itself said is in its history already.
                    changes.events.append(HostEvent(session.host, now, _KINDS[code], revision, text))
                words = "this config is never offered to this host again"
                changes.events.append(HostEvent(session.host, now, EventKind.REFUSED, revision, words))
            case Prove(ref):
                if session.track.desired == ref:
                    changes.values |= NO_FAILURE
                event(EventKind.PROVED, ref, "every production exporter sends" if ref.steady else "both arms run")
            case Fail(ref, code, text):
                failure = {"revision": ref.id, "code": code.value, "text": text, "at": now}
                changes.values |= {f"failure_{name}": value for name, value in failure.items()}
                if code in (FailureCode.FAILED_ELSEWHERE, FailureCode.INCOMPATIBLE):
                    event(_KINDS[code], ref, text)
            case Repeat():
                pass

    async def _save(self, session: HostSession, changes: Changes, *, in_time: bool) -> bool:
        """Write what changed; return whether it is written. With `in_time` the database gets a second."""
        owed = session.owed
        owed.add(changes)
        work = Save(session.host, session.epoch, replace(owed), self._fleet.clock.now())
        try:
            async with asyncio.timeout(_WRITE_SECONDS if in_time else None):
                await self._writing.commit(work)
        except HostFencedError as error:
            _log.warning("another replica holds the host", host=session.host)
            session.ended = True
            await session.agent.close(error.message)
            return False
        except (PhoenixError, TimeoutError) as error:
            _log.error("the state of a host could not be written", host=session.host, error=repr(error))
            return False
        session.owed = Changes()
        return True

    async def _send(self, session: HostSession, action: Send) -> list[Event]:
        try:
            await self.have([action.ref.id])
            revision = self._library.get(action.ref.id)
            await session.agent.offer(Offer(revision.text, revision.digest))
        except PhoenixError as error:
            _log.info("an offer could not be sent", host=session.host, revision=action.ref.id, error=error.message)
            return [Undelivered()]
        return []

    async def _repeat(self, session: HostSession, source: Ref) -> Repeated:
        """Make a copy of a config with another hash, checked like every other, and store it."""
        try:
            await self.have([source.id])
            copy = self._fleet.copy_of(self._library.get(source.id), now=self._fleet.clock.now())
            await self._fleet.checker.check(copy.text)
            await self._writing.commit(Copy(copy))
        except PhoenixError as error:
            _log.error("no copy of a config could be made", host=session.host, of=source.id, error=error.message)
            return Repeated(source, None)
        self._library.add(copy)
        return Repeated(source, ref_of(copy))

    async def _note_condition(self, session: HostSession) -> None:
        """Write what is wrong with the host when that changed."""
        wrong = session.wrong()
        if wrong != session.condition and not session.ended:
            session.condition = wrong
            state, reason = wrong
            values = {"condition": None if state is None else state.value, "reason": reason}
            await self._writing.later(Save(session.host, session.epoch, Changes(values), self._fleet.clock.now()))

    def _forget_readings(self, session: HostSession) -> None:
        """Count telemetry from now on: what was reported before the offer proves nothing."""
        current = session.track.current
        latest = self._telemetry.latest_own(session.host)
        ignored = 0 if latest is None else latest.time
        session.readings = None if current is None else Readings(current.id, ignored)
