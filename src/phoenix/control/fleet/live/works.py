"""What a replica writes of the hosts that it holds, each kind many at once.

A work is refused, before it changes anything, when its host is held under another epoch by now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.errors import HostFencedError, HostNotFoundError
from phoenix.control.fleet.live.library import Library
from phoenix.control.fleet.live.session import Changes, Taken, revisions_of, track_of
from phoenix.control.fleet.model import ConfigRevision, Failure, HostEvent
from phoenix.control.fleet.repository import HeldRepository, RefusalRepository
from phoenix.control.fleet.revisions import HistoryRepository, RevisionRepository
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import HostId


@dataclass(frozen=True, slots=True)
class Save:
    """Write what changed of a host."""

    host: HostId
    epoch: int
    changes: Changes
    at: datetime

    @staticmethod
    async def together(session: AsyncSession, saves: Sequence["Save"]) -> list[Any]:
        """Return None for each that was written, and why another was not."""
        held = HeldRepository(session)
        epochs = await held.epochs({save.host for save in saves})
        fresh = [save for save in saves if epochs.get(save.host) == save.epoch]
        values: dict[HostId, dict[str, Any]] = {}
        for save in fresh:
            values.setdefault(save.host, {}).update(save.changes.values)
        await held.change(values)
        await _refuse(session, fresh)
        for save in fresh:
            if save.changes.desired is not None:
                was, wanted = save.changes.desired
                await held.replace_desired(save.host, was.id, wanted.id)
        return [None if epochs.get(save.host) == save.epoch else _fenced(save) for save in saves]


def _fenced(save: Save) -> PhoenixError:
    return HostFencedError(f"host {save.host} is held with a newer epoch than {save.epoch}", host=save.host)


async def _refuse(session: AsyncSession, saves: Sequence[Save]) -> None:
    refused = [(save, it) for save in saves for it in save.changes.refusals]
    if not refused:
        return
    revisions = await RevisionRepository(session).with_digests({it.digest for _, it in refused})
    failures = {
        (save.host, it.digest): Failure(revisions[it.digest], it.code, it.text, save.at)
        for save, it in refused
        if it.digest in revisions
    }
    await RefusalRepository(session).add(failures)


@dataclass(frozen=True, slots=True)
class Take:
    """Make a replica the holder of a host, and read all that is stored of it."""

    host: HostId
    uid: str
    replica: str
    at: datetime
    library: Library

    @staticmethod
    async def together(session: AsyncSession, takes: Sequence["Take"]) -> list[Any]:
        """Return what was taken, each a `Taken`, and why another was not."""
        first = takes[0]
        held = HeldRepository(session)
        rows = await held.take({it.host: it.uid for it in takes}, replica=first.replica, now=first.at)
        known = await first.library.load(session, {revision for row in rows.values() for revision in revisions_of(row)})
        refused = await RefusalRepository(session).on_hosts(rows.keys())
        return [
            Taken(row.epoch, track_of(row, refused.get(it.host, frozenset()), known), row)
            if (row := rows.get(it.host)) is not None
            else HostNotFoundError(f"there is no host {it.host!r}", host=it.host)
            for it in takes
        ]


@dataclass(frozen=True, slots=True)
class Note:
    """Add to the history of hosts."""

    events: tuple[HostEvent, ...]

    @staticmethod
    async def together(session: AsyncSession, notes: Sequence["Note"]) -> list[Any]:
        """Return None for each; events stand in the order in which they were noted."""
        await HistoryRepository(session).add([event for note in notes for event in note.events])
        return [None] * len(notes)


@dataclass(frozen=True, slots=True)
class Copy:
    """Store a config that was copied under another marker."""

    revision: ConfigRevision

    @staticmethod
    async def together(session: AsyncSession, copies: Sequence["Copy"]) -> list[Any]:
        """Return None for each."""
        for copy in copies:
            await RevisionRepository(session).add(copy.revision)
        return [None] * len(copies)
