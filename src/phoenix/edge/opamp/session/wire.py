"""OpAMP's bytes: frames, uids, what the server says. No I/O and no rules.

Over WebSocket a message is a header, the varint 0, and protobuf; over HTTP a body is protobuf alone. Source: OpAMP,
"WebSocket Message Format" and "Plain HTTP Transport".
"""

import secrets
import zlib
from datetime import datetime
from typing import Final
from uuid import UUID

from google.protobuf.message import DecodeError

from phoenix.edge.opamp.agents import Offer
from phoenix.edge.opamp.errors import BadMessageError, MessageTooLargeError
from phoenix.protocol import opamp_pb2 as pb

CAPABILITIES: Final = (
    pb.SERVER_CAPABILITIES_ACCEPTS_STATUS
    | pb.SERVER_CAPABILITIES_OFFERS_REMOTE_CONFIG
    | pb.SERVER_CAPABILITIES_ACCEPTS_EFFECTIVE_CONFIG
    | pb.SERVER_CAPABILITIES_OFFERS_CONNECTION_SETTINGS
)
_HEADER: Final = b"\x00"
_UID_BYTES: Final = 16
_GZIP: Final = zlib.MAX_WBITS | 16


def frame(message: pb.ServerToAgent) -> bytes:
    """Return a message as a WebSocket frame's content."""
    return _HEADER + message.SerializeToString()


def unframe(data: bytes) -> pb.AgentToServer:
    """Return the message of a WebSocket frame.

    Raises:
        BadMessageError: the header is not 0, or what follows is no such message.
    """
    if data[:1] != _HEADER:
        raise BadMessageError("a frame must begin with the header 0" if data else "a frame is empty")
    return parse(data[1:])


def parse(data: bytes) -> pb.AgentToServer:
    """Return the message of a body.

    Raises:
        BadMessageError: it is no AgentToServer message, or its instance uid is not one.
    """
    message = pb.AgentToServer()
    try:
        message.ParseFromString(data)
    except DecodeError:
        raise BadMessageError(f"{len(data)} bytes are no AgentToServer message") from None
    if len(message.instance_uid) != _UID_BYTES or not any(message.instance_uid):
        raise BadMessageError("instance_uid must be 16 bytes, not all zero")
    return message


def unpack(data: bytes, at_most: int) -> bytes:
    """Return what a gzip body holds.

    Raises:
        BadMessageError: it is no gzip, or its end is missing.
        MessageTooLargeError: it holds more than `at_most` bytes.
    """
    unpacking = zlib.decompressobj(_GZIP)
    try:
        content = unpacking.decompress(data, at_most + 1)
    except zlib.error:
        raise BadMessageError(f"{len(data)} bytes are no gzip") from None
    if len(content) > at_most:
        raise MessageTooLargeError(f"a message may have {at_most} bytes; this one has more, unpacked")
    if not unpacking.eof:
        raise BadMessageError("the end of the gzip body is missing")
    return content


def uid_text(uid: bytes) -> str:
    """Return an instance uid as a lower-case UUID text."""
    return str(UUID(bytes=uid))


def uid_bytes(uid: str) -> bytes:
    """Return an instance uid as it goes over the wire."""
    return UUID(uid).bytes


def new_uid(now: datetime) -> str:
    """Return a new instance uid: UUID version 7 (RFC 9562), which OpAMP recommends."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


def remote_config(uid: str, offer: Offer) -> pb.ServerToAgent:
    """Return the message that offers a config; one file, whose name is empty as agents with one file have it."""
    message = pb.ServerToAgent(instance_uid=uid_bytes(uid), capabilities=CAPABILITIES)
    message.remote_config.config_hash = bytes.fromhex(offer.digest)
    file = message.remote_config.config.config_map[""]
    file.body, file.content_type = offer.text.encode(), "text/yaml"
    return message


def restart_command(uid: str) -> pb.ServerToAgent:
    """Return the message that asks for a restart; it holds nothing else, for that would be ignored."""
    message = pb.ServerToAgent(instance_uid=uid_bytes(uid), capabilities=CAPABILITIES)
    message.command.type = pb.COMMAND_TYPE_RESTART
    return message


def new_identity(old: str, new: str) -> pb.ServerToAgent:
    """Return the message that gives an agent another uid, and asks it to introduce itself under that."""
    message = pb.ServerToAgent(
        instance_uid=uid_bytes(old), capabilities=CAPABILITIES, flags=pb.SERVER_TO_AGENT_FLAGS_REPORT_FULL_STATE
    )
    message.agent_identification.new_instance_uid = uid_bytes(new)
    return message


def refusal(reason: str, *, uid: bytes = b"") -> pb.ServerToAgent:
    """Return the answer to a bad message."""
    message = pb.ServerToAgent(instance_uid=uid, capabilities=CAPABILITIES)
    message.error_response.type = pb.SERVER_ERROR_RESPONSE_TYPE_BAD_REQUEST
    message.error_response.error_message = reason
    return message


def add_heartbeat(message: pb.ServerToAgent, seconds: int) -> None:
    """Add the offer of a heartbeat interval, and of nothing else.

    Without an endpoint the agent keeps its connection; with one the stock supervisor would reconnect and then report
    itself unhealthy.
    """
    message.connection_settings.hash = b"heartbeat-%d" % seconds
    message.connection_settings.opamp.heartbeat_interval_seconds = seconds
