"""The ASGI app of the OpAMP endpoint. `server` mounts it at `/v1/opamp` and closes it before the web server stops."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry

from phoenix.core.clock import Clock
from phoenix.edge.opamp.admission import Admission
from phoenix.edge.opamp.agents import AgentHandler
from phoenix.edge.opamp.counters import OpampCounters
from phoenix.edge.opamp.hub import Hub
from phoenix.edge.opamp.limits import OpampLimits
from phoenix.edge.opamp.live import LiveAgent
from phoenix.edge.opamp.sweep import sweep
from phoenix.edge.opamp.transports import polling, websocket
from phoenix.edge.opamp.transports.asgi import Receive, Scope, Send
from phoenix.edge.principal import Authenticator

_SWEEP_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


class OpampApp:
    """Speaks OpAMP with every agent of this process, over WebSocket and HTTP POST, and tells the handler what is new.

    Its paths are the business of whoever mounts it. The web server must let messages of `limits.message_bytes` through.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        handler: AgentHandler,
        clock: Clock,
        *,
        limits: OpampLimits | None = None,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._limits = limits or OpampLimits()
        counters = OpampCounters(registry or CollectorRegistry())
        admission = Admission(authenticator, clock, self._limits, counters.refused)
        self._hub = Hub(admission, handler, clock, self._limits, counters)
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def agents(self) -> Mapping[str, LiveAgent]:
        """The agents that are connected, by uid; `last_heard` and `heard_at` say when each spoke last."""
        return MappingProxyType(self._hub.agents)

    def last_heard(self, since: datetime) -> dict[str, datetime]:
        """Return when each host was heard last, of those heard after `since`; by the id of its credential's host.

        Heartbeats go no further than this: the feature above writes them in bulk, now and then.
        """
        heard: dict[str, datetime] = {}
        for agent in self._hub.agents.values():
            host = agent.principal.id
            if agent.last_heard > since and agent.last_heard > heard.get(host, since):
                heard[host] = agent.last_heard
        return heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket or one request."""
        if self._sweeper is None and not self._hub.admission.closing:
            self._sweeper = asyncio.create_task(self._sweep())
        if scope["type"] == "websocket":
            await websocket.serve(self._hub, scope, receive, send)
        elif scope["type"] == "http":
            await polling.serve(self._hub, scope, receive, send)

    async def close_host(self, host: str, reason: str) -> None:
        """Close every connection of a host, such as one whose credential was withdrawn."""
        for agent in [agent for agent in self._hub.agents.values() if agent.principal.id == host]:
            self._hub.leave(agent, "withdrawn")
            await agent.line.close(websocket.POLICY, reason)

    async def close(self) -> None:
        """Let nobody in any more, close every agent as going away, and let the handler take what it was told.

        Safe to call twice.
        """
        self._hub.admission.closing = True
        sweeper, self._sweeper = self._sweeper, None
        if sweeper is not None:
            sweeper.cancel()
            await asyncio.wait([sweeper])
        agents = list(self._hub.agents.values())
        for agent in agents:
            self._hub.leave(agent, "stopping")
        await asyncio.gather(*(agent.line.close(websocket.GOING_AWAY, "the server is stopping") for agent in agents))
        await self._hub.mailboxes.drain(self._limits.drain_seconds)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                await sweep(self._hub)
            except Exception:  # noqa: BLE001 # the next look may succeed
                _log.exception("a look at the agents failed")
