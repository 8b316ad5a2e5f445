"""An agent that is connected, whatever it is connected by."""

import asyncio
from typing import Protocol

from prometheus_client import Counter

from phoenix.core.clock import Clock
from phoenix.edge.opamp.admission import Ticket
from phoenix.edge.opamp.agents import ConfigStatus, Offer
from phoenix.edge.opamp.errors import AgentBusyError, AgentGoneError
from phoenix.edge.opamp.offers import OfferCheck
from phoenix.edge.opamp.session import wire
from phoenix.edge.opamp.session.news import Known
from phoenix.edge.opamp.session.rules import Session
from phoenix.edge.principal import Principal
from phoenix.protocol import opamp_pb2 as pb


class Line(Protocol):
    """How an agent is reached."""

    @property
    def transport(self) -> str:
        """`websocket` or `http`."""
        ...

    @property
    def ticket(self) -> Ticket:
        """Its place among the connections."""
        ...

    @property
    def closed(self) -> bool:
        """Nothing can be sent any more."""
        ...

    @property
    def waiting_offer(self) -> bool:
        """An offer waits here that the agent has not got yet; another may take its place."""
        ...

    async def send(self, message: pb.ServerToAgent) -> None:
        """Send a message, or keep it for the next poll.

        Raises:
            AgentGoneError: the connection is closed, or the agent does not read.
        """
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close the connection, if it is not yet, with a code of WebSocket."""
        ...


class LiveAgent:
    """Implements `agents.Agent`.

    Attributes:
        line: how it is reached.
        session: what the rules remember of it.
        known: what it said last.
        last_heard: by the wall clock.
        heard_at: by the monotonic clock.
    """

    __slots__ = (
        "_clock", "_in_flight", "_offer_check", "_offer_seconds", "_offered_at", "_offers", "_principal", "_pulse",
        "_uid", "heard_at", "known", "last_heard", "line", "session",
    )  # fmt: skip

    def __init__(
        self,
        uid: str,
        principal: Principal,
        line: Line,
        *,
        clock: Clock,
        offer_check: OfferCheck,
        offer_seconds: float,
        offers: Counter,
    ) -> None:
        self._uid = uid
        self._principal = principal
        self.line = line
        self._clock = clock
        self._offer_check = offer_check
        self._offer_seconds = offer_seconds
        self._offers = offers
        self._in_flight = ""
        self._offered_at = 0.0
        self._pulse: asyncio.Event | None = None
        self.session = Session()
        self.known = Known()
        self.last_heard = clock.now()
        self.heard_at = clock.monotonic()

    @property
    def uid(self) -> str:
        """The instance uid, as a lower-case UUID text."""
        return self._uid

    @property
    def principal(self) -> Principal:
        """Whose credential it came with."""
        return self._principal

    @property
    def transport(self) -> str:
        """`websocket` or `http`."""
        return self.line.transport

    def hear(self, *, full: bool) -> None:
        """Take note that it spoke."""
        self.last_heard, self.heard_at = self._clock.now(), self._clock.monotonic()
        if full and self._pulse is not None:
            self._pulse.set()
            self._pulse = None

    def begin_anew(self) -> None:
        """Let its next message be like a first one: what it said was lost, so it must say everything again."""
        self.known = Known()
        self.session = Session(heartbeat_offered=self.session.heartbeat_offered)

    async def answers(self, seconds: float) -> bool:
        """Return whether it sends a full report within so long when asked for one.

        A socket may be dead for minutes before the system says so; only an answer tells. Any other message may have
        been on its way when the socket died.
        """
        pulse = self._pulse = self._pulse or asyncio.Event()
        self.session = self.session.asking(self._clock.monotonic())
        try:
            async with asyncio.timeout(seconds):
                await self.line.send(
                    pb.ServerToAgent(
                        instance_uid=wire.uid_bytes(self._uid),
                        capabilities=wire.CAPABILITIES,
                        flags=pb.SERVER_TO_AGENT_FLAGS_REPORT_FULL_STATE,
                    )
                )
                await pulse.wait()
        except (TimeoutError, AgentGoneError):
            return False
        return True

    async def offer(self, offer: Offer) -> None:
        """Send a remote config.

        One is in flight until the agent says APPLIED or FAILED of it, or until `offer_seconds` have passed: an agent
        does not answer what it had before. Over HTTP one that waits for its poll is replaced.

        Raises:
            AgentGoneError: the connection is closed.
            AgentBusyError: another is in flight.
            OfferEmptyError: the text is no YAML or holds no pipeline.
        """
        await self._offer_check.pass_(offer)
        now = self._clock.monotonic()
        running = self._in_flight and not self.line.waiting_offer and now - self._offered_at < self._offer_seconds
        if running:
            raise AgentBusyError(f"agent {self._uid} is still applying config {self._in_flight[:12]}")
        self._in_flight, self._offered_at = offer.digest, now
        self.known.forget_status()
        try:
            await self.line.send(wire.remote_config(self._uid, offer))
        except AgentGoneError:
            self._in_flight = ""
            raise
        self._offers.inc()

    def offer_delivered(self) -> None:
        """Take note that an offer that waited for a poll was fetched."""
        self._offered_at = self._clock.monotonic()

    def offer_ended(self, status: ConfigStatus | None, digest: str) -> None:
        """Take note of what it says of a config."""
        if status in (ConfigStatus.APPLIED, ConfigStatus.FAILED) and digest == self._in_flight:
            self._in_flight = ""

    async def restart(self) -> None:
        """Ask for a restart of the collector.

        Raises:
            AgentGoneError: the connection is closed.
        """
        await self.line.send(wire.restart_command(self._uid))

    async def close(self, reason: str) -> None:
        """Close the connection, and keep the host away for a while: it would be back at once."""
        self.line.ticket.punish()
        await self.line.close(1000, reason)
