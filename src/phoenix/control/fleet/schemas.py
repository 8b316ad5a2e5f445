"""Hosts on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from phoenix.control.fleet.model import Enrolled, Failure, Host, HostEvent
from phoenix.control.fleet.rules.diagnosis import Diagnosis
from phoenix.edge.operation import Schema

_CONFIG_CHARACTERS = 4 << 20
HostReference = Annotated[str, Field(min_length=1, max_length=253, description="Id or name of the host.")]


class FailureSchema(Schema):
    """Why the config that a host should run does not run there."""

    revision: str
    code: str
    text: str
    at: datetime

    @classmethod
    def of(cls, failure: Failure) -> Self:
        """Return the failure for the wire."""
        return cls(revision=failure.revision, code=failure.code.value, text=failure.text, at=failure.at)


class HostSchema(Schema):
    """A machine with a supervised collector."""

    id: str
    name: str
    labels: dict[str, str]
    state: str
    reason: str
    uid: str | None
    collector_version: str
    enrolled_at: datetime
    last_seen: datetime | None
    desired: str | None
    desired_reason: str
    offered: str | None
    offered_at: datetime | None
    phase: str
    proved: str | None
    proved_at: datetime | None
    verified: str | None
    effective: str | None
    healthy: bool | None
    health: str
    failure: FailureSchema | None

    @classmethod
    def of(cls, host: Host) -> Self:
        """Return the host for the wire."""
        return cls(
            id=host.id,
            name=host.name,
            labels=dict(host.labels),
            state=host.state.value,
            reason=host.reason,
            uid=host.uid,
            collector_version=host.collector_version,
            enrolled_at=host.enrolled_at,
            last_seen=host.last_seen,
            desired=host.desired,
            desired_reason=host.desired_reason,
            offered=host.offered,
            offered_at=host.offered_at,
            phase=host.phase.value,
            proved=host.proved,
            proved_at=host.proved_at,
            verified=host.verified,
            effective=host.effective,
            healthy=host.healthy,
            health=host.health_text,
            failure=None if host.failure is None else FailureSchema.of(host.failure),
        )


class HostListRequest(Schema):
    """Which hosts."""

    selector: str = Field(
        "", max_length=4096, description="As in Kubernetes: `app=web,tier in (a,b),!retired,name=h1`."
    )


class HostList(Schema):
    """Hosts by name."""

    hosts: tuple[HostSchema, ...]


class HostRequest(Schema):
    """One host."""

    host: HostReference


class HistoryRequest(Schema):
    """The latest events of one host."""

    host: HostReference
    limit: int = Field(200, ge=1, le=1000, description="How many events at most.")


class HostEventSchema(Schema):
    """Something that happened to a host."""

    at: datetime
    kind: str
    revision: str | None
    text: str

    @classmethod
    def of(cls, event: HostEvent) -> Self:
        """Return the event for the wire."""
        return cls(at=event.at, kind=event.kind.value, revision=event.revision, text=event.text)


class HostHistory(Schema):
    """What happened to a host, oldest first."""

    events: tuple[HostEventSchema, ...]


class EnrolRequest(Schema):
    """A host that is to be taken in."""

    name: str = Field(min_length=1, max_length=253)
    labels: dict[str, str] = Field(default_factory=dict, max_length=64)
    config: str = Field(
        "",
        max_length=_CONFIG_CHARACTERS,
        description="The collector config that it runs today; empty for the built-in baseline.",
    )
    again: bool = Field(default=False, description="Renew a host that is enrolled already; its old credential ends.")


class EnrolResponse(Schema):
    """A host just enrolled. The credential is shown this once."""

    host: HostSchema
    credential: str

    @classmethod
    def of(cls, enrolled: Enrolled) -> Self:
        """Return it for the wire."""
        return cls(host=HostSchema.of(enrolled.host), credential=enrolled.credential)


class DiagnosisSchema(Schema):
    """What ails a host, and what to do next."""

    host: HostSchema
    ailment: str
    headline: str
    why: tuple[str, ...]
    next_step: str
    log: tuple[str, ...]

    @classmethod
    def of(cls, host: Host, diagnosis: Diagnosis) -> Self:
        """Return it for the wire."""
        return cls(
            host=HostSchema.of(host),
            ailment=diagnosis.ailment.value,
            headline=diagnosis.headline,
            why=diagnosis.why,
            next_step=diagnosis.next_step,
            log=diagnosis.log,
        )


class RestoreRequest(Schema):
    """A host that is to go back to its last verified config."""

    host: HostReference
    reason: str = Field(min_length=1, max_length=1000, description="Why, for the history.")
