"""Peers that mean no good, or are broken: garbage, too much, and never an end."""

import contextlib
import gzip
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Self

import grpc
import httpx
import websockets.exceptions
from websockets.sync.client import connect

GARBAGE = (b"\x00" * 1000, b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 600, bytes(range(256)) * 40)
EXPORT = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"


def throw(port: int, garbage: bytes) -> None:
    """Send bytes that are nothing, and read what comes back until the server has enough."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as peer, contextlib.suppress(OSError):
        peer.sendall(garbage)
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(4096):
            pass


def post(url: str, token: str, body: bytes, **headers: str) -> int:
    """Return the status of a POST."""
    given = {"authorization": f"Bearer {token}", "content-type": "application/x-protobuf", **headers}
    with httpx.Client(trust_env=False, timeout=30) as client:
        return client.post(url, content=body, headers=given).status_code


def bomb(size: int) -> bytes:
    """Return zeros, so many of them, packed."""
    return gzip.compress(b"\0" * size)


def export(port: int, token: str, message: bytes, **metadata: str) -> grpc.StatusCode:
    """Return the code of a call with these bytes for a message."""
    given = (("authorization", f"Bearer {token}"), *metadata.items())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(EXPORT, request_serializer=bytes, response_deserializer=bytes)
        try:
            call(message, metadata=given, timeout=30)
        except grpc.RpcError as error:
            return error.code()
    return grpc.StatusCode.OK


def frames(url: str, token: str, *messages: bytes) -> int | None:
    """Send frames to the OpAMP socket and return the code that it was closed with; None when it just ended."""
    address = url.replace("http", "ws", 1) + "/v1/opamp"
    headers = {"authorization": f"Bearer {token}"}
    with connect(address, additional_headers=headers, proxy=None, max_size=None) as peer:
        try:
            for message in messages:
                peer.send(message)
            while True:
                peer.recv(timeout=20)
        except websockets.exceptions.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@dataclass
class SlowPeers:
    """Many connections that begin something and go on with a byte at a time, while the block runs.

    Attributes:
        ended: how many of them the server has closed.
    """

    port: int
    beginning: bytes
    count: int = 100
    ended: int = 0
    _peers: list[socket.socket] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        for _ in range(self.count):
            peer = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            peer.settimeout(0)
            self._peers.append(peer)
            with contextlib.suppress(OSError):
                peer.send(self.beginning)
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        for peer in self._peers:
            peer.close()

    def until_ended(self, seconds: float = 60) -> None:
        """Wait until the server has closed every one."""
        deadline = time.monotonic() + seconds
        while self.ended < self.count:
            assert time.monotonic() < deadline, f"{self.count - self.ended} of {self.count} are open still"
            time.sleep(0.2)

    def _drip(self) -> None:
        living = list(self._peers)
        while living and not self._over.wait(0.3):
            living = [peer for peer in living if self._goes_on(peer)]
            self.ended = self.count - len(living)

    def _goes_on(self, peer: socket.socket) -> bool:
        try:
            peer.send(b"a")
            return bool(peer.recv(4096))
        except BlockingIOError:
            return True
        except OSError:
            return False
