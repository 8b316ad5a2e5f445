"""Agents over WebSocket: one conversation a socket, from its upgrade to its end."""

import asyncio
from typing import Final

from phoenix.edge.opamp.admission import RefusedError, Ticket
from phoenix.edge.opamp.errors import AgentBusyError, AgentGoneError, BadMessageError
from phoenix.edge.opamp.hub import ClashError, Hub
from phoenix.edge.opamp.live import LiveAgent
from phoenix.edge.opamp.session import wire
from phoenix.edge.opamp.transports.asgi import Message, Receive, Scope, Send, refuse
from phoenix.protocol import opamp_pb2 as pb

# A reason's place in a close frame. RFC 6455, section 5.5.
_REASON_BYTES: Final = 123
# For the peer to answer a close frame; after that the socket is let go of.
_CLOSE_SECONDS: Final = 15.0
# The last message before an agent takes up a new uid still has the old one, and there may be one on its way.
_OLD_UID_MESSAGES: Final = 3
_HEADER_BYTES: Final = 1

# The web server itself closes a socket whose frames are broken, too large, or no UTF-8 where there must be.
_BROKEN: Final = frozenset({1002, 1007, 1009})

NORMAL, GOING_AWAY, UNSUPPORTED, INVALID, POLICY, TOO_BIG, TRY_LATER = 1000, 1001, 1003, 1007, 1008, 1009, 1013


class WebSocketLine:
    """Reaches an agent over its socket.

    Attributes:
        ticket: its place among the connections.
        authorization: the headers whose credential is looked at again from time to time.
        checked_at: when that was done last, by the monotonic clock.
        cut: this side ended the conversation without waiting for the other.
    """

    transport: Final = "websocket"
    waiting_offer: Final = False

    def __init__(self, send: Send, ticket: Ticket, authorization: list[tuple[bytes, bytes]], seconds: float) -> None:
        self.ticket = ticket
        self.authorization = authorization
        self.checked_at = ticket.since
        self.cut = False
        self._send = send
        self._seconds = seconds
        self._gone = False
        self._task = asyncio.current_task()

    @property
    def closed(self) -> bool:
        """Nothing can be sent any more."""
        return self._gone

    async def send(self, message: pb.ServerToAgent) -> None:
        """Send a message.

        Raises:
            AgentGoneError: the socket is closed, or the agent has not read for too long, which closes it.
        """
        await self._put({"type": "websocket.send", "bytes": wire.frame(message)})

    async def close(self, code: int, reason: str) -> None:
        """Close the socket with a reason, and let go of it if the other side does not answer."""
        if self._gone:
            return
        text = reason.encode()[:_REASON_BYTES].decode(errors="ignore")
        try:
            await self._put({"type": "websocket.close", "code": code, "reason": text})
        except AgentGoneError:
            return
        self._gone = True
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self.abandon)

    def abandon(self) -> None:
        """End the conversation whatever the other side does."""
        self._gone = True
        if self._task is not None and not self._task.done():
            self.cut = True
            self._task.cancel()

    def ended(self) -> None:
        """Take note that the conversation is over."""
        self._gone, self._task = True, None

    async def _put(self, message: Message) -> None:
        if self._gone:
            raise AgentGoneError("the agent's connection is closed")
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except TimeoutError:
            self.abandon()
            raise AgentGoneError(f"the agent has read nothing for {self._seconds:g} s") from None
        except (OSError, RuntimeError) as error:
            # The server says in its own words that the socket is closed; uvicorn has one for each way.
            self._gone = True
            raise AgentGoneError("the agent's connection is closed") from error


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Hold the conversation of one socket."""
    await receive()
    headers: list[tuple[bytes, bytes]] = [pair for pair in scope["headers"] if pair[0] == b"authorization"]
    try:
        hub.admission.room()
        ticket = hub.admission.enter(await hub.admission.authenticate(headers))
    except RefusedError as refusal:
        await refuse(send, refusal, before="websocket.")
        return
    line = WebSocketLine(send, ticket, headers, hub.limits.send_seconds)
    conversation = _Conversation(hub, line)
    try:
        await send({"type": "websocket.accept"})
        await conversation.hold(receive)
    except (AgentGoneError, OSError):
        pass
    except asyncio.CancelledError:
        # Either this side gave up on a peer that does not read, or the server itself ends the task.
        if not line.cut:
            raise
    finally:
        line.ended()
        conversation.over()
        ticket.leave()


class _Conversation:
    """What is said over one socket."""

    def __init__(self, hub: Hub, line: WebSocketLine) -> None:
        self._hub = hub
        self._line = line
        self._agent: LiveAgent | None = None
        self._bad = 0
        self._refused_uid = ""
        self._old_uid_messages = 0
        self._ended_by = "closed"

    async def hold(self, receive: Receive) -> None:
        """Answer message by message until the socket is closed."""
        first = self._hub.limits.first_message_seconds
        while True:
            try:
                async with asyncio.timeout(None if self._agent else first):
                    event = await receive()
            except TimeoutError:
                await self._punish(POLICY, f"no message within {first:g} s")
                return
            if event["type"] == "websocket.disconnect":
                if not self._line.closed and event.get("code") in _BROKEN:
                    self._note_misbehaviour()
                return
            # What was on its way when this side closed the socket is no longer heard.
            if not self._line.closed:
                await self._take(event)

    def over(self) -> None:
        """Take note that the socket is closed."""
        if self._agent is not None:
            self._hub.leave(self._agent, self._ended_by)

    async def _take(self, event: Message) -> None:
        data = event.get("bytes")
        if data is None:
            await self._punish(UNSUPPORTED, "OpAMP frames are binary, and this one is text")
            return
        at_most = self._hub.limits.message_bytes
        if len(data) > at_most + _HEADER_BYTES:
            await self._punish(TOO_BIG, f"a message may have {at_most} bytes; this one has {len(data)}")
            return
        try:
            message = wire.unframe(data)
        except BadMessageError as error:
            await self._refuse(error)
            return
        await self._hear(message)

    async def _refuse(self, error: BadMessageError) -> None:
        self._bad += 1
        if self._bad >= self._hub.limits.bad_messages:
            await self._punish(INVALID, error.message)
            return
        self._hub.bad_message("websocket")
        await self._line.send(wire.refusal(error.message))

    async def _hear(self, message: pb.AgentToServer) -> None:
        uid = wire.uid_text(message.instance_uid)
        if uid == self._refused_uid:
            await self._hear_old_uid(uid)
            return
        try:
            answer = await self._hub.hear(await self._speaker(uid), message)
        except ClashError as clash:
            self._refused_uid = uid
            answer = clash.answer
        except AgentBusyError as error:
            self._ended_by = "busy"
            self._line.ticket.punish()
            await self._line.close(TRY_LATER, error.message)
            return
        if message.HasField("agent_disconnect"):
            await self._line.close(NORMAL, "goodbye")
        else:
            await self._line.send(answer)

    async def _speaker(self, uid: str) -> LiveAgent:
        """Return the agent of a message; a uid may change between two messages of one socket."""
        agent = self._agent
        if agent is not None and agent.uid == uid and self._hub.agents.get(uid) is agent:
            return agent
        self._agent = None
        if agent is not None:
            self._hub.leave(agent, "renamed")
        self._agent = await self._hub.join(uid, self._line.ticket.principal, self._line)
        return self._agent

    async def _hear_old_uid(self, uid: str) -> None:
        self._old_uid_messages += 1
        if self._old_uid_messages > _OLD_UID_MESSAGES:
            await self._punish(POLICY, f"instance uid {uid} belongs to another agent that is connected")

    async def _punish(self, code: int, reason: str) -> None:
        """Close the socket of an agent that misbehaves, and keep its host away for a while."""
        self._note_misbehaviour()
        await self._line.close(code, reason)

    def _note_misbehaviour(self) -> None:
        self._ended_by = "misbehaved"
        self._hub.bad_message("websocket")
        self._line.ticket.punish()
