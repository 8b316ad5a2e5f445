"""What experiments need of the features below them, so that tests can give a fleet and a meter that keep state.

`control.fleet.service.Fleet`, `control.metering.service.Metering` and `control.pipelines.service.Pipelines` have it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Composed
from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.fleet.model import ConfigRevision, Host, Purpose
from phoenix.control.fleet.selector import Selector
from phoenix.control.metering.model import MeterPlan
from phoenix.core.ids import ExperimentId, HostId, PipelineVersionId, RevisionId
from phoenix.telemetry.window.model import WindowMeasure


class Checker(Protocol):
    """Asks the pinned collector about a text before a transaction begins; the answer is remembered."""

    async def check(self, text: str) -> None:
        """Return when the collector accepts `text`; raise ConfigRefusedError otherwise."""
        ...


class FleetPort(Protocol):
    """The hosts and what each should run; see `control.fleet.service.Fleet`."""

    @property
    def checker(self) -> Checker:
        """Asks the pinned collector."""
        ...

    async def hosts(self, session: AsyncSession, selector: Selector) -> list[Host]:
        """Return the hosts that a selector means, by name."""
        ...

    async def many(self, session: AsyncSession, host_ids: Sequence[HostId]) -> list[Host]:
        """Return these hosts, by name."""
        ...

    async def register(
        self,
        session: AsyncSession,
        composed: Composed,
        *,
        purpose: Purpose,
        experiment: ExperimentId | None,
        now: datetime,
        document: str = "",
    ) -> ConfigRevision:
        """Store a config that may be offered from now on."""
        ...

    async def set_desired(
        self,
        session: AsyncSession,
        host_ids: Collection[HostId],
        revision_id: RevisionId,
        *,
        reason: str,
        now: datetime,
    ) -> None:
        """Say what these hosts should run."""
        ...

    async def restore(
        self, session: AsyncSession, host_ids: Collection[HostId], *, reason: str, now: datetime
    ) -> dict[HostId, RevisionId]:
        """Make hosts go back to their last verified steady config."""
        ...

    async def steady_exporters(self, session: AsyncSession, host: Host) -> tuple[str, ...]:
        """Return the production exporters that a host runs outside experiments."""
        ...


class MeterPort(Protocol):
    """What was measured; see `control.metering.service.Metering`."""

    async def open_meter(self, session: AsyncSession, experiment: ExperimentId, plan: MeterPlan) -> None:
        """Take telemetry of an experiment from now on. Safe to call twice."""
        ...

    async def close_meter(self, session: AsyncSession, experiment: ExperimentId, now: datetime) -> None:
        """Take no more. Safe to call twice."""
        ...

    async def windows(
        self, session: AsyncSession, experiment: ExperimentId, since: int = 0
    ) -> Mapping[tuple[HostId, str, int], WindowMeasure]:
        """Return the windows that begin at `since` (nanoseconds) or later, complete or with a gap."""
        ...

    async def reached(self, session: AsyncSession, experiment: ExperimentId) -> Mapping[HostId, int]:
        """Return up to where the stored windows of each host reach, nanoseconds of its own clock."""
        ...

    def watermark(self, experiment: ExperimentId, host: HostId, arm: str) -> int | None:
        """Return up to where nothing of a stream is awaited any more, nanoseconds; None when nothing came."""
        ...

    def taken_at(self) -> float | None:
        """Return when this process last took telemetry of any host, by the clock that never goes back; None: never."""
        ...

    async def own_readings(self, session: AsyncSession, host: HostId, since: int) -> list[OwnReading]:
        """Return a collector's reports since a time, nanoseconds."""
        ...

    async def latest_readings(
        self, session: AsyncSession, hosts: Collection[HostId], since: int
    ) -> Mapping[HostId, OwnReading]:
        """Return the newest report of each collector that has one since a time, nanoseconds."""
        ...


class PipelineVersion(Protocol):
    """A version of a pipeline; see `control.pipelines.model`."""

    @property
    def id(self) -> PipelineVersionId:
        """Its id."""
        ...

    @property
    def text(self) -> str:
        """The collector config, verbatim."""
        ...

    @property
    def template(self) -> str | None:
        """The catalogue template it was rendered from; None for a user's own."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any] | None:
        """The template's parameters."""
        ...


class PipelinePort(Protocol):
    """Pipelines and their versions; see `control.pipelines.service.Pipelines`."""

    async def resolve(
        self,
        session: AsyncSession,
        reference: str,
        *,
        actor: str,
        now: datetime,
        parameters: Mapping[str, Any] | None = None,
    ) -> PipelineVersion:
        """Return the version that a reference means; a template is rendered with the parameters and stored."""
        ...

    async def get(self, session: AsyncSession, version_id: PipelineVersionId) -> PipelineVersion:
        """Return a version by its id."""
        ...
