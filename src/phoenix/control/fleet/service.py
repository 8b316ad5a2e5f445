"""The fleet as other features see it: enrol hosts, register configs, say what should run, ask what is proved.

The caller owns the transaction. What is written here takes effect when the replica that holds a host's connection sees
it, at its next step, at most a second later.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.catalogue import registry as catalogue
from phoenix.collector.compose.model import Composed, PhoenixEndpoint
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.config.types import BUILT
from phoenix.control.fleet.checking import ConfigChecker
from phoenix.control.fleet.errors import ConfigRefusedError, HostNameInvalidError, HostNameTakenError
from phoenix.control.fleet.model import (
    HOST_PREFIX,
    REVISION_PREFIX,
    ConfigRevision,
    Enrolled,
    EventKind,
    Host,
    HostEvent,
    HostState,
    Purpose,
    SteadyDocument,
)
from phoenix.control.fleet.repository import HostRepository
from phoenix.control.fleet.revisions import HistoryRepository, RevisionRepository
from phoenix.control.fleet.rules.silence import Silence
from phoenix.control.fleet.selector import Selector
from phoenix.core.clock import Clock
from phoenix.core.ids import ExperimentId, HostId, RevisionId, new_id

BASELINE: Final = "process-baseline-v1"
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,251}[A-Za-z0-9])?")
_LABEL_VALUE: Final = re.compile(r"[A-Za-z0-9_.-]{0,253}")
_PREPARED: Final = 32
_RESERVED: Final = ("name", "id")


class SteadyComposer(Protocol):
    """`phoenix.collector.compose.steady.compose_steady`."""

    def __call__(self, document: ConfigDocument, *, endpoint: PhoenixEndpoint, revision: RevisionId) -> Composed:
        """Return `document` with what Phoenix adds to every steady config."""
        ...


class Credentials(Protocol):
    """`phoenix.control.identity.service.Identity`."""

    async def issue_host_credential(self, session: AsyncSession, host_id: HostId, name: str, now: datetime, /) -> str:
        """Return a new credential of a host; the ones before it are revoked."""
        ...


class Fleet:
    """Every host and what it should run.

    Args:
        clock: for what is asked without a time.
        checker: asks the pinned collector.
        compose: makes the config that runs of the one a user wrote.
        credentials: makes a host's credential.
        endpoint: where collectors send what Phoenix measures.
        silence: when a host that is not heard is silent or lost.
        pinned_version: of the collector that configs are checked with; a host with an older one is incompatible.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        checker: ConfigChecker,
        compose: SteadyComposer,
        credentials: Credentials,
        endpoint: PhoenixEndpoint,
        silence: Silence | None = None,
        pinned_version: str = BUILT.version,
    ) -> None:
        self.clock = clock
        self.checker = checker
        self.silence = silence or Silence()
        self.pinned_version = pinned_version
        self._compose = compose
        self._credentials = credentials
        self._endpoint = endpoint
        self._prepared: OrderedDict[str, Composed] = OrderedDict()

    async def enrol(
        self,
        session: AsyncSession,
        *,
        name: str,
        labels: Mapping[str, str],
        config_text: str,
        now: datetime,
        again: bool = False,
    ) -> Enrolled:
        """Take a host into the fleet, and say with which credential it connects.

        `config_text` is what its collector runs today, and falls back to while nothing was verified; when it is empty,
        that is the built-in baseline. `again` lets a host that is enrolled have a new credential, labels and config.

        Raises:
            HostNameInvalidError: the name or a label cannot be used.
            HostNameTakenError: a host of this name is enrolled, and `again` was not said.
            ConfigRefusedError: the pinned collector cannot run the config; taking over would lose telemetry.
        """
        _check_words(name, labels)
        composed = await self.prepare(config_text, now)
        hosts = self._hosts(session, now)
        known = await hosts.named(name)
        if known is not None and not again:
            raise HostNameTakenError(f"a host {name!r} is enrolled already", host=known.id)
        fallback = await self._fallback(session, config_text, composed, now)
        if known is None:
            host_id = HostId(new_id(HOST_PREFIX, now))
            host = Host(host_id, name, dict(labels), HostState.SILENT, now)
            await hosts.add(replace(host, desired=fallback.id, desired_reason="enrolled", fallback=fallback.id))
        else:
            host_id = known.id
            await hosts.update([host_id], labels=dict(labels), fallback=fallback.id)
            await self.set_desired(session, [host_id], fallback.id, reason="enrolled again", now=now)
        await HistoryRepository(session).add([HostEvent(host_id, now, EventKind.ENROLLED, fallback.id)])
        credential = await self._credentials.issue_host_credential(session, host_id, name, now)
        return Enrolled(await hosts.get(host_id), credential)

    async def hosts(self, session: AsyncSession, selector: Selector) -> list[Host]:
        """Return the hosts that a selector means, by name."""
        return await self._hosts(session).select(selector)

    async def many(self, session: AsyncSession, host_ids: Sequence[HostId]) -> list[Host]:
        """Return these hosts, by name; ids of no host are left out."""
        return await self._hosts(session).many(host_ids)

    async def get(self, session: AsyncSession, host_id: str) -> Host:
        """Return a host by its id or name.

        Raises:
            HostNotFoundError: there is none.
        """
        return await self._hosts(session).get(host_id)

    async def revision(self, session: AsyncSession, revision_id: RevisionId) -> ConfigRevision:
        """Return a config.

        Raises:
            RevisionNotFoundError: there is none.
        """
        return await RevisionRepository(session).get(revision_id)

    async def register(
        self,
        session: AsyncSession,
        composed: Composed,
        *,
        purpose: Purpose,
        experiment: ExperimentId | None,
        now: datetime,
        document: str = "",
        retry_of: RevisionId | None = None,
    ) -> ConfigRevision:
        """Store a config that may be offered from now on.

        The pinned binary is asked about the exact text. `fleet.checker.check(text)` before the transaction saves the
        time here: an answer is remembered.

        `document` is what the user wrote, for a steady config: the next experiment's baseline is composed from it.
        `retry_of` is the revision whose failed attempt this repeats with other content.

        Raises:
            ConfigRefusedError: the collector refuses it; nothing was stored.
            SandboxUnavailableError: the collector cannot be asked.
        """
        await self.checker.check(composed.text)
        revision = ConfigRevision.of(
            composed, purpose=purpose, experiment=experiment, document=document, now=now, retry_of=retry_of
        )
        await RevisionRepository(session).add(revision)
        return revision

    async def repeat(self, session: AsyncSession, revision: ConfigRevision, *, now: datetime) -> ConfigRevision:
        """Store a copy of a config that can be offered where the config itself failed; see `copy_of`.

        Raises:
            ConfigRefusedError, SandboxUnavailableError: as `register`.
        """
        copy = self.copy_of(revision, now=now)
        await self.checker.check(copy.text)
        await RevisionRepository(session).add(copy)
        return copy

    def copy_of(self, revision: ConfigRevision, *, now: datetime) -> ConfigRevision:
        """Return a config under a new marker, so that its content and its hash are new (facts, trap 4).

        The marker is the only word in the text that changes: it is unlike any other.
        """
        marker = RevisionId(new_id(REVISION_PREFIX, now))
        text = revision.text.replace(revision.id, marker)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return replace(revision, id=marker, text=text, digest=digest, made_at=now, retry_of=revision.id)

    async def set_desired(
        self,
        session: AsyncSession,
        host_ids: Collection[HostId],
        revision_id: RevisionId,
        *,
        reason: str,
        now: datetime,
    ) -> None:
        """Say what these hosts should run. An offer in flight is waited for first.

        A failure of another config is forgotten as the host's failure; that the config failed never is.

        Raises:
            RevisionNotFoundError: there is no such config.
        """
        await RevisionRepository(session).get(revision_id)
        values = {"desired": revision_id, "desired_at": now, "desired_reason": reason}
        await self._hosts(session, now).update(host_ids, **values, **NO_FAILURE)
        events = [HostEvent(host, now, EventKind.DESIRED, revision_id, reason) for host in sorted(host_ids)]
        await HistoryRepository(session).add(events)

    async def restore(
        self, session: AsyncSession, host_ids: Collection[HostId], *, reason: str, now: datetime
    ) -> dict[HostId, RevisionId]:
        """Make hosts go back to their last verified steady config, else to what they were enrolled with.

        Returns:
            What each host should run now. It does when its `proved` is that again.
        """
        targets: dict[HostId, RevisionId] = {}
        for host in await self._hosts(session, now).many(sorted(host_ids)):
            target = host.verified or host.fallback
            if target is not None:
                targets[host.id] = target
        for target in sorted(set(targets.values())):
            going = [host_id for host_id, chosen in targets.items() if chosen == target]
            await self.set_desired(session, going, target, reason=reason, now=now)
        return targets

    async def history(self, session: AsyncSession, host_id: str, *, limit: int = 200) -> list[HostEvent]:
        """Return the latest events of a host, oldest first.

        Raises:
            HostNotFoundError: there is no such host.
        """
        host = await self.get(session, host_id)
        return await HistoryRepository(session).of(host.id, limit=limit)

    async def forget(self, session: AsyncSession, before: datetime, *, most: int = 1_000) -> int:
        """Delete up to `most` events of the history of hosts from before a moment; return how many."""
        return await HistoryRepository(session).forget(before, most)

    async def steady_document(self, session: AsyncSession, host_id: str) -> SteadyDocument:
        """Return what a host runs outside experiments, as its user wrote it: verified, else what it fell back to.

        Raises:
            HostNotFoundError, RevisionNotFoundError: there is no such host, or nothing it could run.
        """
        host = await self.get(session, host_id)
        revision = await RevisionRepository(session).get(host.verified or host.fallback or "")
        return SteadyDocument(revision.id, revision.document or revision.text)

    async def steady_exporters(self, session: AsyncSession, host: Host) -> tuple[str, ...]:
        """Return the production exporters that a host runs outside experiments."""
        runs = host.verified or host.fallback
        return (await RevisionRepository(session).get(runs)).exporters if runs else ()

    def _hosts(self, session: AsyncSession, now: datetime | None = None) -> HostRepository:
        return HostRepository(session, self.silence, now or self.clock.now())

    async def prepare(self, config_text: str, now: datetime) -> Composed:
        """Return what a host enrolled with `config_text` will run, once the pinned collector accepts it.

        Asking takes a tenth of a second, so it is done before a transaction's first statement. An answer is remembered.

        Raises:
            ConfigRefusedError: the collector cannot run it.
            InvalidError: it cannot be composed.
        """
        text = _document(config_text)
        if text not in self._prepared:
            try:
                document = ConfigDocument.parse(text, "config.yaml")
            except ConfigSyntaxError as error:
                raise ConfigRefusedError(error.message, findings=[error.details]) from error
            marker = RevisionId(new_id(REVISION_PREFIX, now))
            composed = self._compose(document, endpoint=self._endpoint, revision=marker)
            await self.checker.check(composed.text)
            self._prepared[text] = composed
            while len(self._prepared) > _PREPARED:
                self._prepared.popitem(last=False)
        return self._prepared[text]

    async def _fallback(
        self, session: AsyncSession, config_text: str, composed: Composed, now: datetime
    ) -> ConfigRevision:
        """Return the revision of a document that hosts are enrolled with; equal documents share one."""
        text = _document(config_text)
        known = await RevisionRepository(session).composed_from(text)
        if known is not None:
            return known
        return await self.register(session, composed, purpose=Purpose.STEADY, experiment=None, now=now, document=text)


def _document(config_text: str) -> str:
    return config_text if config_text.strip() else _baseline()


@cache
def _baseline() -> str:
    """Return the built-in baseline; making it takes longer than all else that enrolling a host takes."""
    return catalogue.render(BASELINE).text


NO_FAILURE: Final[Mapping[str, object]] = {
    "failure_revision": None,
    "failure_code": "",
    "failure_text": "",
    "failure_at": None,
}


def _check_words(name: str, labels: Mapping[str, str]) -> None:
    if not _NAME.fullmatch(name):
        raise HostNameInvalidError(f"a host cannot be named {name[:80]!r}", name=name[:300])
    for key, value in labels.items():
        if not _LABEL.fullmatch(key) or key in _RESERVED:
            raise HostNameInvalidError(f"a label cannot be named {key[:80]!r}", label=key[:300])
        if not _LABEL_VALUE.fullmatch(value):
            raise HostNameInvalidError(f"label {key!r} cannot be {value[:80]!r}", label=key, value=value[:300])
