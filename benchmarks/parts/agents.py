"""Simulated agents for the benchmark `opamp`: as little work a message as possible, so that the server is measured.

Frames are made by hand; a masking key of zero leaves the payload as it is.
"""

import asyncio
import struct
import time
from collections.abc import Sequence
from typing import Final, cast

from phoenix.collector.config.types import BUILT
from phoenix.protocol import opamp_pb2 as pb

_AT_ONCE: Final = 200
_CONNECT_SECONDS: Final = 300
_CAPABILITIES: Final = (
    pb.AGENT_CAPABILITIES_REPORTS_STATUS
    | pb.AGENT_CAPABILITIES_ACCEPTS_REMOTE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_REMOTE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_EFFECTIVE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_HEALTH
    | pb.AGENT_CAPABILITIES_REPORTS_HEARTBEAT
)
# A reply to a heartbeat has some 30 bytes, a config 1.5 kB.
_LONG: Final = 1000
# The frame's header, then tag, length and the 16 bytes of the instance uid.
_UID_END: Final = 19


def full_report() -> bytes:
    """Return what a report holds besides uid and number: 3.9 kB, as that of a small config has."""
    message = pb.AgentToServer(capabilities=_CAPABILITIES)
    for key in ("service.name", "service.version", "host.name", "os.type", "host.arch"):
        value = BUILT.version if key == "service.version" else f"value of {key}"
        message.agent_description.identifying_attributes.add(key=key).value.string_value = value
    _add_health(message, healthy=True)
    message.effective_config.config_map.config_map[""].body = b"receivers: {}\n" * 200
    message.available_components.hash = b"components"
    for kind, types in BUILT.signals.items():
        for name in types:
            message.available_components.components[kind.value].sub_component_map[name].metadata.add(key="type")
    return message.SerializeToString()


def _add_health(message: pb.AgentToServer, *, healthy: bool) -> None:
    message.health.healthy, message.health.status = healthy, "StatusOK" if healthy else "StatusStarting"
    for name in ("receiver:host_metrics", "processor:batch", "exporter:otlp_http"):
        message.health.component_health_map[name].healthy = healthy


def said_of(config: pb.AgentRemoteConfig) -> list[bytes]:
    """Return what a supervisor says of a config that works, a message each, less uid and number (facts, section 2)."""
    applying, starting, running, applied = (pb.AgentToServer(capabilities=_CAPABILITIES) for _ in range(4))
    applying.remote_config_status.status = pb.REMOTE_CONFIG_STATUSES_APPLYING
    applied.remote_config_status.status = pb.REMOTE_CONFIG_STATUSES_APPLIED
    for message in (applying, applied):
        message.remote_config_status.last_remote_config_hash = config.config_hash
    _add_health(starting, healthy=False)
    _add_health(running, healthy=True)
    running.effective_config.config_map.config_map[""].body = config.config.config_map[""].body
    return [message.SerializeToString() for message in (applying, starting, running, applied)]


def frame(payload: bytes) -> bytes:
    """Return a binary frame as a client sends it."""
    size = len(payload)
    head = struct.pack("!BB", 0x82, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x82, 0xFE, size)
    return head + bytes(4) + payload


class _LaterError(Exception):
    """The server has no room for one more that joins, and says for how many seconds to stay away."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def _refused(head: str) -> Exception:
    lines = dict(line.lower().split(": ", 1) for line in head.splitlines() if ": " in line)
    return _LaterError(float(lines["retry-after"])) if " 503 " in head else ConnectionError(head)


class _Agent(asyncio.Protocol):
    """One connection."""

    __slots__ = ("_agents", "_data", "_head", "_joined", "_number", "_open", "_sent_at", "_transport", "_uid")

    def __init__(self, agents: "Agents", index: int) -> None:
        self._agents = agents
        self._head = b"\x00\x0a\x10" + index.to_bytes(16, "big") + b"\x10"
        self._uid = index
        self._number = 0
        self._data = b""
        self._open = False
        self._sent_at = 0.0
        self._joined = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    @property
    def joined(self) -> "asyncio.Future[None]":
        """Done when the first report is answered."""
        return self._joined

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(
            b"GET /v1/opamp HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Authorization: Bearer %s\r\n\r\n" % self._agents.token(self._uid)
        )

    def say(self, rest: bytes = b"") -> None:
        """Send a message with the next number."""
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        number = self._number
        varint = bytes((number,)) if number < 128 else bytes((number & 127 | 128, number >> 7))
        self._number += 1
        self._transport.write(frame(self._head + varint + rest))

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._open:
            head, end, rest = self._data.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self._joined.set_exception(_refused(head.decode()))
                return
            self._open, self._data = True, rest
            self.say(self._agents.full)
        while len(self._data) >= 2:
            size, start = self._data[1], 2
            if size == 126:
                size, start = int.from_bytes(self._data[2:4], "big"), 4
            if len(self._data) < start + size or (start == 4 and len(self._data) < 4):
                return
            opcode, payload = self._data[0] & 15, self._data[start : start + size]
            self._data = self._data[start + size :]
            self._take(opcode, payload)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            assert self._transport is not None
            self._transport.write(b"\x8a" + bytes((0x80 | len(payload),)) + bytes(4) + payload)
        elif opcode == 2:
            if not self._joined.done():
                self._joined.set_result(None)
            elif len(payload) > _LONG:
                for rest in self._agents.answers(payload):
                    self.say(rest)
            else:
                self._agents.delays.append(time.perf_counter() - self._sent_at)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._joined.done():
            self._joined.set_exception(exc or ConnectionError("closed"))
        elif self._joined.exception() is None:
            self._agents.lost += 1

    def close(self) -> None:
        """Close without a word."""
        if self._transport is not None:
            self._transport.abort()


class Agents:
    """So many agents.

    Attributes:
        full: what a full report holds besides uid and number.
        delays: seconds from heartbeats to their replies.
        lost: connections that ended.
        refused: how often one was told to come back later.
    """

    def __init__(self, port: int, count: int, *, kind: str, tokens: Sequence[str] = ()) -> None:
        self._port = port
        self._kind = kind
        self._tokens = tokens
        self._said: dict[bytes, list[bytes]] = {}
        self._count = count
        self._agents: list[_Agent] = []
        self.full = full_report()
        self.delays: list[float] = []
        self.lost = 0
        self.refused = 0

    async def connect(self) -> None:
        """Connect all, some at once, as often as it takes, and wait until every first report is answered."""
        free = asyncio.Semaphore(_AT_ONCE)
        loop = asyncio.get_running_loop()

        async def one(index: int) -> None:
            while True:
                async with free:
                    _, agent = await loop.create_connection(lambda: _Agent(self, index + 1), "127.0.0.1", self._port)
                    try:
                        await agent.joined
                    except _LaterError as later:
                        agent.close()
                        seconds = later.seconds
                    else:
                        self._agents.append(agent)
                        return
                self.refused += 1
                await asyncio.sleep(seconds)

        async with asyncio.timeout(_CONNECT_SECONDS):
            await asyncio.gather(*(one(index) for index in range(self._count)))

    async def pulse(self, interval: float) -> None:
        """Send heartbeats of all that are connected until cancelled, evenly spread over the interval."""
        capabilities = pb.AgentToServer(capabilities=_CAPABILITIES).SerializeToString()
        turn, due, last = 0, 0.0, time.perf_counter()
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            due += (now - last) * len(self._agents) / interval
            last = now
            for _ in range(int(due)):
                self._agents[turn % len(self._agents)].say(capabilities)
                turn += 1
            due %= 1

    def token(self, uid: int) -> bytes:
        """Return an agent's credential."""
        return self._tokens[uid - 1].encode() if self._tokens else b"host-%d" % uid

    def answers(self, payload: bytes) -> list[bytes]:
        """Return what an agent says of a config, a message each, besides uid and number; all say the same."""
        config = payload[_UID_END:]
        if config not in self._said:
            if self._kind == "fleet":
                self._said[config] = said_of(pb.ServerToAgent.FromString(payload[1:]).remote_config)
            else:
                self._said[config] = [self._applied(payload)]
        return self._said[config]

    def _applied(self, payload: bytes) -> bytes:
        message = pb.AgentToServer(capabilities=_CAPABILITIES)
        status = message.remote_config_status
        status.status = pb.REMOTE_CONFIG_STATUSES_APPLIED
        if self._kind == "opamp":
            status.last_remote_config_hash = pb.ServerToAgent.FromString(payload[1:]).remote_config.config_hash
        return message.SerializeToString()

    def close(self) -> None:
        """Close all; a connection that ends now is not lost."""
        lost = self.lost
        for agent in self._agents:
            agent.close()
        self.lost = lost
