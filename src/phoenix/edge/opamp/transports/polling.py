"""Agents over plain HTTP: each request is a message, each response what waits for the agent."""

import asyncio
from typing import Final

from phoenix.edge.opamp.admission import RefusedError, Ticket
from phoenix.edge.opamp.errors import AgentBusyError, AgentGoneError, BadMessageError, MessageTooLargeError
from phoenix.edge.opamp.hub import ClashError, Hub
from phoenix.edge.opamp.live import LiveAgent
from phoenix.edge.opamp.session import wire
from phoenix.edge.opamp.transports.asgi import Receive, Scope, Send, answer, refuse
from phoenix.edge.principal import Principal
from phoenix.protocol import opamp_pb2 as pb

CONTENT_TYPE: Final = b"application/x-protobuf"
_BUSY_SECONDS: Final = 5


class PollLine:
    """Keeps what an agent is sent until it asks.

    Attributes:
        ticket: its place among the connections.
    """

    transport: Final = "http"

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._gone = False
        self._flags = 0
        self._offer: pb.ServerToAgent | None = None
        self._command: pb.ServerToAgent | None = None

    @property
    def closed(self) -> bool:
        """Nothing can be sent any more."""
        return self._gone

    @property
    def waiting_offer(self) -> bool:
        """An offer waits here that the agent has not got yet."""
        return self._offer is not None

    async def send(self, message: pb.ServerToAgent) -> None:
        """Keep a message for the next poll; of each kind the last counts.

        Raises:
            AgentGoneError: the agent has left.
        """
        if self._gone:
            raise AgentGoneError("the agent has left or was not heard for too long")
        if message.HasField("command"):
            self._command = message
        elif message.HasField("remote_config"):
            self._offer = message
        self._flags |= message.flags

    async def close(self, _code: int, _reason: str) -> None:
        """Keep nothing any more."""
        self._gone = True

    def fetch(self, reply: pb.ServerToAgent) -> tuple[pb.ServerToAgent, bool]:
        """Return the reply with what waits, and whether an offer is in it.

        A command goes alone, for agents ignore what is beside it; it waits until the reply holds nothing else.
        """
        reply.flags |= self._flags
        self._flags = 0
        if self._offer is not None:
            reply.remote_config.CopyFrom(self._offer.remote_config)
            self._offer = None
            return reply, True
        says_more = (
            reply.flags
            or reply.HasField("connection_settings")
            or reply.HasField("agent_identification")
            or reply.HasField("error_response")
        )
        if self._command is not None and not says_more:
            command, self._command = self._command, None
            return command, False
        return reply, False


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["method"] != "POST":
        await answer(send, 405, b"OpAMP over HTTP is POST", headers=[(b"allow", b"POST")])
        return
    try:
        principal = await hub.admission.authenticate(scope["headers"])
        reply = await _hear(hub, principal, wire.parse(await _body(hub, scope, receive)))
    except RefusedError as refusal:
        await refuse(send, refusal)
    except MessageTooLargeError as error:
        hub.bad_message("http")
        await answer(send, 413, error.message.encode())
    except BadMessageError as error:
        hub.bad_message("http")
        await answer(send, 400, wire.refusal(error.message).SerializeToString(), content_type=CONTENT_TYPE)
    else:
        await answer(send, 200, reply.SerializeToString(), content_type=CONTENT_TYPE)


async def _body(hub: Hub, scope: Scope, receive: Receive) -> bytes:
    """Return the request's body, unpacked.

    Raises:
        RefusedError: it is of another type or packed in another way, or does not come.
        MessageTooLargeError: it is larger than a message may be.
        BadMessageError: it is not what its header says.
    """
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != CONTENT_TYPE:
        raise RefusedError(415, "content_type", f"the content type must be {CONTENT_TYPE.decode()}")
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding not in (b"identity", b"gzip"):
        raise RefusedError(415, "content_encoding", "the content encoding must be gzip, or none")
    at_most, seconds = hub.limits.message_bytes, hub.limits.body_seconds
    try:
        async with asyncio.timeout(seconds):
            body = await _read(receive, at_most)
    except TimeoutError:
        hub.bad_message("http")
        raise RefusedError(408, "slow", f"the body did not come within {seconds:g} s") from None
    return wire.unpack(body, at_most) if encoding == b"gzip" else body


async def _read(receive: Receive, at_most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise BadMessageError("the connection ended within the body")
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > at_most:
            raise MessageTooLargeError(f"a message may have {at_most} bytes; this one has more")
        if not event.get("more_body", False):
            return b"".join(parts)


async def _hear(hub: Hub, principal: Principal, message: pb.AgentToServer) -> pb.ServerToAgent:
    try:
        agent = await _speaker(hub, principal, wire.uid_text(message.instance_uid))
        reply = await hub.hear(agent, message)
    except ClashError as clash:
        return clash.answer
    except AgentBusyError as error:
        raise RefusedError(503, "busy", error.message, _BUSY_SECONDS) from error
    if not isinstance(agent.line, PollLine):
        return reply
    reply, offered = agent.line.fetch(reply)
    if offered:
        agent.offer_delivered()
    return reply


async def _speaker(hub: Hub, principal: Principal, uid: str) -> LiveAgent:
    agent = hub.agents.get(uid)
    if agent is not None and isinstance(agent.line, PollLine) and agent.principal.id == principal.id:
        if not agent.line.closed:
            return agent
        hub.leave(agent, "closed")
    line = PollLine(hub.admission.enter(principal))
    agent = None
    try:
        agent = await hub.join(uid, principal, line)
    finally:
        if agent is None or agent.line is not line:
            line.ticket.leave()
    return agent
