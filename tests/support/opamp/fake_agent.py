"""An agent that does as it is told: it keeps its numbers, answers what it is asked, and remembers what it got."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from phoenix.protocol import opamp_pb2 as pb

CAPABILITIES = (
    pb.AGENT_CAPABILITIES_REPORTS_STATUS
    | pb.AGENT_CAPABILITIES_ACCEPTS_REMOTE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_EFFECTIVE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_REMOTE_CONFIG
    | pb.AGENT_CAPABILITIES_REPORTS_HEALTH
    | pb.AGENT_CAPABILITIES_REPORTS_HEARTBEAT
    | pb.AGENT_CAPABILITIES_REPORTS_AVAILABLE_COMPONENTS
    | pb.AGENT_CAPABILITIES_ACCEPTS_RESTART_COMMAND
)
EFFECTIVE = "receivers: {}\nservice:\n  pipelines: {}\n"


def full_report(uid: bytes, number: int, *, name: str = "host-a", effective: str = EFFECTIVE) -> pb.AgentToServer:
    """Return a message that holds everything but the components themselves."""
    message = pb.AgentToServer(instance_uid=uid, sequence_num=number, capabilities=CAPABILITIES)
    described = message.agent_description
    described.identifying_attributes.add(key="service.name").value.string_value = "otelcol"
    described.non_identifying_attributes.add(key="host.name").value.string_value = name
    described.non_identifying_attributes.add(key="cores").value.int_value = 2
    message.health.healthy = True
    message.health.status = "StatusOK"
    message.health.component_health_map["pipeline:metrics"].healthy = True
    message.effective_config.config_map.config_map[""].body = effective.encode()
    message.remote_config_status.status = pb.REMOTE_CONFIG_STATUSES_UNSET
    message.available_components.hash = b"components"
    return message


def heartbeat(uid: bytes, number: int) -> pb.AgentToServer:
    """Return a message that says nothing."""
    return pb.AgentToServer(instance_uid=uid, sequence_num=number, capabilities=CAPABILITIES)


class FakeAgent:
    """Speaks when told to; with `obliging` it also answers what it is asked for."""

    def __init__(self, uid: bytes, *, obliging: bool = True) -> None:
        self.uid = uid
        self.numbers = itertools.count()
        self.obliging = obliging
        self.got: list[pb.ServerToAgent] = []
        self.full_asked = 0
        self.components_asked = 0
        self._socket: ClientConnection | None = None

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None
        return self._socket

    @property
    def uid_text(self) -> str:
        return str(uuid.UUID(bytes=self.uid))

    async def say(self, message: pb.AgentToServer) -> None:
        await self.socket.send(b"\x00" + message.SerializeToString())

    async def say_all(self) -> None:
        await self.say(full_report(self.uid, next(self.numbers)))

    async def beat(self) -> None:
        await self.say(heartbeat(self.uid, next(self.numbers)))

    async def say_status(self, digest: str, status: pb.RemoteConfigStatuses, error: str = "") -> None:
        message = heartbeat(self.uid, next(self.numbers))
        message.remote_config_status.last_remote_config_hash = bytes.fromhex(digest)
        message.remote_config_status.status = status
        message.remote_config_status.error_message = error
        await self.say(message)

    async def listen(self) -> None:
        """Take what comes until the socket closes."""
        try:
            async for data in self.socket:
                assert isinstance(data, bytes)
                assert data[:1] == b"\x00"
                await self._take(pb.ServerToAgent.FromString(data[1:]))
        except ConnectionClosed:
            return

    async def _take(self, message: pb.ServerToAgent) -> None:
        self.got.append(message)
        if message.HasField("agent_identification") and self.obliging:
            self.uid = message.agent_identification.new_instance_uid
        if message.flags & pb.SERVER_TO_AGENT_FLAGS_REPORT_FULL_STATE:
            self.full_asked += 1
            if self.obliging:
                await self.say_all()
        if message.flags & pb.SERVER_TO_AGENT_FLAGS_REPORT_AVAILABLE_COMPONENTS:
            self.components_asked += 1
            if self.obliging:
                listed = heartbeat(self.uid, next(self.numbers))
                listed.available_components.hash = b"components"
                details = listed.available_components.components["receivers"].sub_component_map
                details["otlp"].SetInParent()
                details["host_metrics"].SetInParent()
                await self.say(listed)

    def heard(self) -> bool:
        return bool(self.got)

    def offers(self) -> list[pb.AgentRemoteConfig]:
        return [message.remote_config for message in self.got if message.HasField("remote_config")]

    def commands(self) -> list[pb.ServerToAgent]:
        return [message for message in self.got if message.HasField("command")]

    def heartbeats_offered(self) -> list[int]:
        return [
            message.connection_settings.opamp.heartbeat_interval_seconds
            for message in self.got
            if message.HasField("connection_settings")
        ]


@asynccontextmanager
async def connected(port: int, agent: FakeAgent, *, host: str = "host-a") -> AsyncIterator[FakeAgent]:
    """Connect an agent, listen for it, and close it as one does who says nothing."""
    headers = {"authorization": f"Bearer {host}"}
    url = f"ws://127.0.0.1:{port}/v1/opamp"
    async with connect(url, additional_headers=headers, compression=None, max_size=None) as socket:
        agent._socket = socket
        listening = asyncio.create_task(agent.listen())
        try:
            yield agent
        finally:
            await socket.close()
            await listening


def new_agent(*, obliging: bool = True) -> FakeAgent:
    return FakeAgent(uuid.uuid4().bytes, obliging=obliging)
