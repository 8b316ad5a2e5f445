"""What nobody would notice: agents gone silent, credentials withdrawn, places that are kept for nothing."""

import asyncio
from typing import Final

from phoenix.edge.opamp.admission import RefusedError
from phoenix.edge.opamp.hub import Hub
from phoenix.edge.opamp.live import LiveAgent
from phoenix.edge.opamp.transports.websocket import POLICY, WebSocketLine

# A host that has not said everything by then no longer keeps others from joining.
_JOINING_SECONDS: Final = 30.0


async def sweep(hub: Hub) -> None:
    """Look at every agent once."""
    hub.forget_renamed()
    now = hub.clock.monotonic()
    for agent in tuple(hub.agents.values()):
        if now - agent.line.ticket.since >= _JOINING_SECONDS:
            agent.line.ticket.joined()
        if agent.line.closed:
            hub.leave(agent, "closed")
        elif _is_silent(hub, agent, now):
            hub.leave(agent, "silent")
            await _close(agent, f"nothing was heard for {hub.limits.silent_seconds:g} s")
        elif isinstance(agent.line, WebSocketLine) and now - agent.line.checked_at >= hub.limits.reauthenticate_seconds:
            agent.line.checked_at = now
            await _check(hub, agent, agent.line)


def _is_silent(hub: Hub, agent: LiveAgent, now: float) -> bool:
    """Return whether an agent should have been heard; one without heartbeats may say nothing for ever."""
    due = agent.transport == "http" or agent.session.heartbeat_offered
    return due and now - agent.heard_at >= hub.limits.silent_seconds


async def _check(hub: Hub, agent: LiveAgent, line: WebSocketLine) -> None:
    try:
        holder = await hub.admission.authenticate(line.authorization)
    except RefusedError as refusal:
        if refusal.status not in (401, 403):
            return
    else:
        if holder.id == agent.principal.id:
            return
    hub.leave(agent, "credential")
    await _close(agent, "the credential is no longer valid")


async def _close(agent: LiveAgent, reason: str) -> None:
    """Close without waiting for a peer that may not read: one socket must not keep the sweep from the others."""
    closing = asyncio.create_task(agent.line.close(POLICY, reason))
    await asyncio.wait([closing], timeout=0)
