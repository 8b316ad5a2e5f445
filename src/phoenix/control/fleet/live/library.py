"""Configs in memory: those that connected hosts run or fall back to, so that a failure is answered without a query."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.model import ConfigRevision, Purpose
from phoenix.control.fleet.revisions import RevisionRepository
from phoenix.control.fleet.rules.compatibility import Components, needs
from phoenix.control.fleet.rules.track import Ref
from phoenix.core.ids import RevisionId

_KEPT: Final = 1024


class Library:
    """Registered configs, the ones used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[RevisionId, tuple[ConfigRevision, Components]] = OrderedDict()
        self._ids: dict[str, RevisionId] = {}

    def add(self, revision: ConfigRevision) -> None:
        """Keep a config."""
        self._kept[revision.id] = revision, needs(revision.text)
        self._kept.move_to_end(revision.id)
        self._ids[revision.digest] = revision.id
        while len(self._kept) > _KEPT:
            _, (dropped, _) = self._kept.popitem(last=False)
            del self._ids[dropped.digest]

    async def load(self, session: AsyncSession, ids: Collection[RevisionId]) -> None:
        """Have these configs in memory."""
        unknown = [revision for revision in ids if revision not in self._kept]
        if unknown:
            for revision in (await RevisionRepository(session).many(unknown)).values():
                self.add(revision)

    def has(self, revision: RevisionId) -> bool:
        """Return whether a config is in memory."""
        return revision in self._kept

    def get(self, revision: RevisionId) -> ConfigRevision:
        """Return a config that was loaded."""
        self._kept.move_to_end(revision)
        return self._kept[revision][0]

    def ref(self, revision: RevisionId) -> Ref:
        """Return a config that was loaded as offers know it."""
        return ref_of(self.get(revision))

    def needs(self, revision: RevisionId) -> Components:
        """Return the component types that a config needs."""
        return self._kept[revision][1]

    def with_digest(self, digest: str) -> RevisionId | None:
        """Return the config in memory that has a digest, or None."""
        return self._ids.get(digest)


def ref_of(revision: ConfigRevision) -> Ref:
    """Return a config as offers know it."""
    return Ref(revision.id, revision.digest, revision.purpose is Purpose.STEADY)
