"""What a feature that manages agents is told, and what it may tell them. Implemented by control/fleet.

`edge/opamp` speaks the wire and keeps its rules: sequence numbers, full reports asked for once, one uid a live socket,
replies, heartbeats. Only what changed reaches the handler, in order for each agent, never a heartbeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from phoenix.edge.principal import Principal


class ConfigStatus(StrEnum):
    """What an agent says of the config it was offered last."""

    UNSET = "unset"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Health:
    """What an agent says of itself.

    Attributes:
        healthy: its own judgement.
        status: such as `StatusOK`, `StatusStarting`.
        error: the last error, or empty.
        components: the same for each pipeline and component that reported, by its path.
    """

    healthy: bool
    status: str
    error: str
    components: Mapping[str, "Health"]


@dataclass(frozen=True, slots=True)
class AgentReport:
    """What is new in one message. A field that is None was not reported, which means that it has not changed.

    Attributes:
        attributes: identifying and non-identifying attributes together.
        capabilities: bits of OpAMP's AgentCapabilities.
        health: of the collector.
        effective: the effective config's text, expanded and redacted by the agent.
        status: of the last remote config.
        status_digest: hexadecimal hash of the config that the status speaks of; empty when none.
        status_error: what the agent says went wrong.
        components: types available in the collector, by kind (`receivers` ...).
        new_process: the supervisor's process has just started (sequence number 0).
        goodbye: it said that it disconnects.
    """

    attributes: Mapping[str, str] | None = None
    capabilities: int | None = None
    health: Health | None = None
    effective: str | None = None
    status: ConfigStatus | None = None
    status_digest: str = ""
    status_error: str = ""
    components: Mapping[str, tuple[str, ...]] | None = None
    new_process: bool = False
    goodbye: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A remote config: the text and its digest (hexadecimal SHA-256), sent as OpAMP's config hash."""

    text: str
    digest: str


class Agent(Protocol):
    """One agent that is connected (or, over HTTP, was heard a short while ago)."""

    @property
    def uid(self) -> str:
        """The instance uid, as a lower-case UUID text."""
        ...

    @property
    def principal(self) -> Principal:
        """Who connected: the host whose credential it is."""
        ...

    @property
    def transport(self) -> str:
        """`websocket` or `http`: over HTTP an offer waits for the next poll."""
        ...

    async def offer(self, offer: Offer) -> None:
        """Send a remote config. One at a time: the caller waits for its end or gives up on it.

        Raises:
            AgentGoneError: the connection is closed.
            AgentBusyError: the agent has not yet said how the offer before ended, and `offer_seconds` of the limits
                have not passed. One that waits for a poll is replaced instead.
            OfferEmptyError: the text is empty, no YAML or holds no pipeline, which would stop the collector.
        """
        ...

    async def restart(self) -> None:
        """Ask for a restart of the collector.

        Raises:
            AgentGoneError: the connection is closed.
        """
        ...

    async def close(self, reason: str) -> None:
        """Close the connection."""
        ...


class AgentHandler(Protocol):
    """The feature behind the agents."""

    async def connected(self, agent: Agent) -> None:
        """Take note of an agent whose first full report follows."""
        ...

    async def reported(self, agent: Agent, report: AgentReport) -> None:
        """Take note of what changed."""
        ...

    async def disconnected(self, agent: Agent, reason: str) -> None:
        """Take note that an agent is gone."""
        ...

    async def clashed(self, agent: Agent, other: Agent) -> None:
        """Take note that `agent` came with the uid of `other`, which is live; `agent` was given a new uid."""
        ...
