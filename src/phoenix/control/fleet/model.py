"""A host, the configs it may run, and what happened to it. No I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from phoenix.collector.compose.model import Arm, Composed
from phoenix.core.ids import ExperimentId, HostId, RevisionId

# What the parts of a revision are called in an id: `rev-...`.
REVISION_PREFIX: Final = "rev"
HOST_PREFIX: Final = "host"


class Purpose(StrEnum):
    """Why a config runs: to stay, or for the length of an experiment."""

    STEADY = "steady"
    EXPERIMENT = "experiment"


class HostState(StrEnum):
    """How a host stands to the server.

    `silent`: not heard for several heartbeats, or not yet since it was enrolled. `lost`: for longer. `incompatible`:
    its collector cannot run the config it should. `clash`: two live supervisors hold its credential.
    """

    CONNECTED = "connected"
    SILENT = "silent"
    LOST = "lost"
    INCOMPATIBLE = "incompatible"
    CLASH = "clash"


class Phase(StrEnum):
    """How far the config offered last has come on its host; `offers` has the table of what may follow what."""

    NONE = "none"
    OFFERED = "offered"
    APPLYING = "applying"
    APPLIED = "applied"
    PROVED = "proved"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


class EventKind(StrEnum):
    """What can happen to a host; its history is kept whole."""

    ENROLLED = "enrolled"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    RESTARTED = "restarted"
    UID_CHANGED = "uid_changed"
    CLASHED = "clashed"
    CLASH_ENDED = "clash_ended"
    INCOMPATIBLE = "incompatible"
    DESIRED = "desired"
    OFFERED = "offered"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CRASH_LOOP = "crash_loop"
    EXPORTER_FAILING = "exporter_failing"
    REFUSED = "refused"
    WITHHELD = "withheld"
    PROVED = "proved"
    DRIFTED = "drifted"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class FailureCode(StrEnum):
    """Why a config did not work on a host."""

    REFUSED_BY_HOST = "CONFIG_REFUSED_BY_HOST"
    TIMED_OUT = "CONFIG_OFFER_TIMED_OUT"
    CRASH_LOOP = "COLLECTOR_CRASH_LOOP"
    EXPORTER_FAILING = "PRODUCTION_EXPORTER_FAILING"
    DRIFTED = "CONFIG_DRIFTED"
    FAILED_ELSEWHERE = "CONFIG_FAILED_ON_ANOTHER_HOST"
    INCOMPATIBLE = "HOST_INCOMPATIBLE"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a config on a host, kept until another config is desired.

    Attributes:
        revision: the config that failed.
        code: what kind of failure.
        text: what the host said, or what was seen.
    """

    revision: RevisionId
    code: FailureCode
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Host:
    """A machine with a supervised collector.

    Attributes:
        uid: instance uid of its supervisor; None until it has connected.
        reason: why it is `incompatible` or `clash`; else empty.
        desired: what should run.
        offered: what was sent last, at `offered_at`; `phase` says how far it has come.
        proved: what telemetry proves to run; None from every offer until its own telemetry proves it.
        verified: the last steady config that telemetry proved here: what a failure brings back.
        failure: of the desired config; None when it has not failed.
        effective: revision that the collector says it runs; None when it does not say.
        healthy: what its supervisor says, debounced; None when not known.
        fallback: what runs while nothing was ever verified: the config it was enrolled with, or the built-in baseline.
    """

    id: HostId
    name: str
    labels: Mapping[str, str]
    state: HostState
    enrolled_at: datetime
    uid: str | None = None
    reason: str = ""
    desired: RevisionId | None = None
    desired_reason: str = ""
    offered: RevisionId | None = None
    offered_at: datetime | None = None
    phase: Phase = Phase.NONE
    proved: RevisionId | None = None
    proved_at: datetime | None = None
    verified: RevisionId | None = None
    failure: Failure | None = None
    effective: RevisionId | None = None
    healthy: bool | None = None
    health_text: str = ""
    fallback: RevisionId | None = None
    last_seen: datetime | None = None
    collector_version: str = ""


@dataclass(frozen=True, slots=True)
class ConfigRevision:
    """A config that the pinned collector accepts, one text for all hosts; never changed once registered.

    Attributes:
        id: its marker, which the text carries.
        digest: SHA-256 of the text, hexadecimal.
        document: what the user wrote, for composing again; empty for experiments.
        retry_of: the revision with the same content, but for the marker, that it replaces.
    """

    id: RevisionId
    digest: str
    text: str
    purpose: Purpose
    experiment: ExperimentId | None
    document: str
    exporters: tuple[str, ...]
    receivers: tuple[str, ...]
    processors: Mapping[Arm, tuple[str, ...]]
    made_at: datetime
    retry_of: RevisionId | None = None
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        composed: Composed,
        *,
        purpose: Purpose,
        experiment: ExperimentId | None,
        document: str,
        now: datetime,
        retry_of: RevisionId | None = None,
    ) -> "ConfigRevision":
        """Return the revision that a composed config becomes."""
        return cls(
            RevisionId(composed.revision),
            composed.digest,
            composed.text,
            purpose,
            experiment,
            document,
            composed.exporters,
            composed.receivers,
            composed.processors,
            now,
            retry_of,
            (*composed.unpaired, *composed.notes),
        )


@dataclass(frozen=True, slots=True)
class HostEvent:
    """Something that happened to a host.

    Attributes:
        revision: the config it is about; None when about none, or about one that was never registered.
        text: in words, as the host said it where it said something.
    """

    host: HostId
    at: datetime
    kind: EventKind
    revision: RevisionId | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A host just enrolled, and the credential its supervisor and collector use. The credential is shown once."""

    host: Host
    credential: str


@dataclass(frozen=True, slots=True)
class SteadyDocument:
    """What a host runs outside experiments, as its user wrote it.

    Attributes:
        revision: the steady revision that it was composed to.
        text: the user's config.
    """

    revision: RevisionId
    text: str
