"""Configs in memory: those that connected hosts run or fall back to, so that a failure is answered without a query."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.model import ConfigRevision, FailureCode, Purpose
from phoenix.control.fleet.repository import RefusalRepository, Refused
from phoenix.control.fleet.revisions import RevisionRepository
from phoenix.control.fleet.rules.compatibility import Components, needs
from phoenix.control.fleet.rules.track import Ref
from phoenix.core.ids import HostId, RevisionId

_KEPT: Final = 1024


class Library:
    """Registered configs, the ones used last."""

    def __init__(self) -> None:
        self._failed: dict[str, dict[HostId, str]] = {}
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
            self._failed.pop(dropped.digest, None)

    async def load(self, session: AsyncSession, ids: Collection[RevisionId]) -> Mapping[RevisionId, ConfigRevision]:
        """Have these configs in memory, and where they failed; return those that exist.

        Of more than are kept only the last stay: what is needed of the others is in the answer.
        """
        wanted = {revision: self._kept[revision][0] for revision in ids if revision in self._kept}
        unknown = [revision for revision in ids if revision not in wanted]
        if unknown:
            found = await RevisionRepository(session).many(unknown)
            wanted.update(found)
            for revision in found.values():
                self.add(revision)
            self.failed(await RefusalRepository(session).with_digests([it.digest for it in found.values()]))
        return wanted

    def failed(self, refused: Iterable[Refused]) -> None:
        """Take note of where configs failed."""
        for it in refused:
            # Somebody changed what runs there; that says nothing of the config.
            if it.digest in self._ids and it.code is not FailureCode.DRIFTED:
                self._failed.setdefault(it.digest, {})[it.host] = f"it failed on host {it.name}: {it.text}"

    def failed_elsewhere(self, host: HostId, digests: Iterable[str]) -> dict[str, str]:
        """Return which of these configs failed on another host, and what that one said."""
        found = {}
        for digest in digests:
            said = next((text for other, text in self._failed.get(digest, {}).items() if other != host), None)
            if said is not None:
                found[digest] = said
        return found

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
