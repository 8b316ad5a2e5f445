"""A host whose connection this replica holds, and the way between its state and its row."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from phoenix.control.fleet.live.library import Library, ref_of
from phoenix.control.fleet.model import ConfigRevision, HostEvent, HostState, Phase
from phoenix.control.fleet.rules.compatibility import Components, unfit
from phoenix.control.fleet.rules.crashes import Crashes
from phoenix.control.fleet.rules.evidence import Readings
from phoenix.control.fleet.rules.offers import Refuse
from phoenix.control.fleet.rules.track import Ref, Track
from phoenix.control.fleet.tables import HostRow
from phoenix.core.ids import HostId, RevisionId
from phoenix.edge.opamp.agents import Agent


@dataclass(slots=True)
class Collector:
    """What a host said of its collector.

    Attributes:
        components: the types it has, by section; empty when it never said.
    """

    name: str = ""
    version: str = ""
    components: Components = field(default_factory=dict)


@dataclass(slots=True)
class HealthWatch:
    """The health that is shown: what lasts for a while. Each deploy makes a collector unhealthy for a moment."""

    shown: tuple[bool, str] | None = None
    heard: tuple[bool, str] | None = None
    since: float = 0.0

    def hear(self, healthy: bool, text: str, now: float) -> None:
        """Take note of what the agent says."""
        if self.heard is None or self.heard[0] != healthy:
            self.since = now
        self.heard = healthy, text

    def due(self, now: float, seconds: float) -> tuple[bool, str] | None:
        """Return what is to be shown from now on, once; None when nothing changed for long enough."""
        if self.heard is None or self.heard == self.shown or now - self.since < seconds:
            return None
        self.shown = self.heard
        return self.heard


@dataclass(slots=True)
class Changes:
    """What steps want written of a host.

    Attributes:
        values: columns of its row.
        refusals: what failed on it.
        events: its history.
        desired: what should run no more, and what instead.
    """

    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refuse] = field(default_factory=list)
    events: list[HostEvent] = field(default_factory=list)
    desired: tuple[Ref, Ref] | None = None

    def __bool__(self) -> bool:
        """Return whether something must be written before anything is sent; the history need not be."""
        return bool(self.values or self.refusals or self.desired)

    def add(self, later: "Changes") -> None:
        """Take up what a later step changed."""
        self.values |= later.values
        self.refusals += later.refusals
        first = self.desired or later.desired
        self.desired = (first[0], later.desired[1]) if first and later.desired else first


@dataclass(slots=True)
class HostSession:
    """A connected host.

    Attributes:
        agent: whose socket it is; `others` came with the same credential while it was live, and get nothing.
        epoch: under which this replica holds the host; a newer one ends the session.
        track: the state of its offers.
        wish: what the row wanted when it was looked at last, and since when.
        lock: one step at a time.
        owed: what could not be written yet.
        condition: what is wrong with the host, as last written.
        offered_since, heard_at: by the clock that never goes back.
    """

    host: HostId
    agent: Agent
    epoch: int
    track: Track
    wish: tuple[datetime | None, RevisionId | None]
    offered_since: float
    condition: tuple[HostState | None, str]
    collector: Collector
    heard_at: float
    readings: Readings | None = None
    crashes: Crashes = field(default_factory=Crashes)
    health: HealthWatch = field(default_factory=HealthWatch)
    others: list[Agent] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    owed: Changes = field(default_factory=Changes)
    ended: bool = False

    def wrong(self) -> tuple[HostState | None, str]:
        """Return what is wrong with the host now, and why."""
        if self.others:
            return HostState.CLASH, f"another live supervisor has this host's credential: {self.others[-1].uid}"
        desired = self.track.desired
        if desired is not None and desired.digest in self.track.unfit:
            return HostState.INCOMPATIBLE, self.track.unfit[desired.digest]
        return None, ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A host that this replica has just taken: under which epoch, and its row, where `uid` is still the former one."""

    epoch: int
    track: Track
    row: HostRow


def revisions_of(row: HostRow) -> list[RevisionId]:
    """Return every config that a row names."""
    named = (row.desired, row.offered, row.proved, row.verified, row.fallback, row.substitute)
    return [RevisionId(revision) for revision in named if revision is not None]


def track_of(row: HostRow, refused: frozenset[str], known: Mapping[RevisionId, ConfigRevision]) -> Track:
    """Return the state of offers that a row tells of; the agent has said nothing yet."""

    def ref(revision: str | None) -> Ref | None:
        found = None if revision is None else known.get(RevisionId(revision))
        return None if found is None else ref_of(found)

    desired, phase = ref(row.desired), Phase(row.phase)
    noted = desired.digest if desired is not None and row.failure_revision == row.desired else ""
    return Track(
        desired=desired,
        current=ref(row.offered),
        phase=phase,
        proved=ref(row.proved),
        verified=ref(row.verified),
        fallback=ref(row.fallback),
        substitute=ref(row.substitute),
        refused=refused,
        recovering=phase in (Phase.FAILED, Phase.TIMED_OUT),
        noted=noted,
    )


def unfit_of(collector: Collector, refs: Iterable[Ref | None], library: Library, pinned: str) -> dict[str, str]:
    """Return the digests that a collector cannot run, and why."""
    found = {}
    for ref in refs:
        if ref is not None and library.has(ref.id):
            reason = unfit(
                library.needs(ref.id),
                collector.components,
                name=collector.name,
                version=collector.version,
                pinned=pinned,
            )
            if reason:
                found[ref.digest] = reason
    return found


def columns(before: Track, after: Track, now: datetime) -> dict[str, Any]:
    """Return the columns that a step changed. `desired` is not among them: only its owner and `repeat` change it."""
    changed: dict[str, Any] = {}
    for name, was, is_ in (
        ("offered", before.current, after.current),
        ("proved", before.proved, after.proved),
        ("verified", before.verified, after.verified),
        ("substitute", before.substitute, after.substitute),
    ):
        if was != is_:
            changed[name] = None if is_ is None else is_.id
    if before.phase != after.phase:
        changed["phase"] = after.phase.value
    for name in ("proved", "verified"):
        if changed.get(name) is not None:
            changed[f"{name}_at"] = now
    return changed
