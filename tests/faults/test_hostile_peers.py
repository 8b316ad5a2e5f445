"""Garbage, oversized bodies and slow peers on every port of a server that measures: nobody else notices."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import httpx
import pytest
from tests.support.plane.critical import CRITICAL
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane
from tests.support.trouble import hostile
from tests.support.trouble.hostile import SlowPeers

_OPAMP_MESSAGE, _OTLP_BODY = 5 << 20, 17 << 20


@pytest.fixture
def plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plane]:
    monkeypatch.setenv("PHOENIX_CRITICAL_PROCESSES", CRITICAL)
    plane = Plane(tmp_path / "server", {"WINDOW": "3s", "HEADER_TIMEOUT": "3s", "BODY_TIMEOUT": "3s"})
    plane.start()
    try:
        yield plane
    finally:
        plane.stop()


def test_hostile_peers_change_nothing_for_others(plane: Plane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=6)
    # Who sends agents' garbage is sent away for a while, so each has a credential of its own.
    stranger, *agents = (str(plane.enrol(f"stranger-{it}", host.config)["credential"]) for it in range(4))
    measured.until_pairs(1)
    _rest(plane)
    _opamp(plane, agents)
    _otlp(plane, stranger, measured.experiment)
    _grpc(plane, stranger)
    _slow(plane, stranger)
    measured.completes()
    assert len(measured.gaps) <= 2, measured.gaps
    assert plane.diagnosis(host.name)["ailment"] == "none"
    assert plane.server.readiness()["status"] == "ok"


def _rest(plane: Plane) -> None:
    for garbage in hostile.GARBAGE:
        hostile.throw(plane.port, garbage)
    api, token = f"{plane.url}/api/v1/experiments", plane.server.token
    said = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False, headers=said, timeout=30) as client:
        assert client.post(api, content=b"\xff\x00{").status_code in (400, 422)
        assert client.post(api, content=b"[" * 100_000).status_code in (400, 422)
        assert client.post(api, content=b" " * 5_000_000).status_code == 413
        assert client.get(f"{plane.url}/api/v1/hosts", headers={"x-long": "x" * 1_000_000}).status_code == 431


def _opamp(plane: Plane, tokens: list[str]) -> None:
    url = f"{plane.url}/v1/opamp"
    assert hostile.post(url, tokens[0], b"\0" * _OPAMP_MESSAGE) == 413
    said = [hostile.post(url, tokens[0], garbage) for garbage in hostile.GARBAGE]
    assert said[0] == 400
    assert set(said) <= {400, 429}, said
    hostile.frames(plane.url, tokens[1], *hostile.GARBAGE)
    # The code is lost where the rest of the frame was still on its way.
    assert hostile.frames(plane.url, tokens[2], b"\0" * _OPAMP_MESSAGE) in (1009, None)


def _otlp(plane: Plane, token: str, experiment: str) -> None:
    own, arm = "own", f"{experiment}/baseline/rev-none"
    for stream in (own, arm):
        url = f"{plane.url}/otlp/{stream}/v1/metrics"
        for garbage in hostile.GARBAGE:
            assert hostile.post(url, token, garbage) == 400
        assert hostile.post(url, token, b"\0" * _OTLP_BODY) == 413
        assert hostile.post(url, token, hostile.bomb(100 << 20), **{"content-encoding": "gzip"}) == 413
        assert hostile.post(url, token, b"not gzip", **{"content-encoding": "gzip"}) == 400


def _grpc(plane: Plane, token: str) -> None:
    for garbage in hostile.GARBAGE:
        hostile.throw(plane.grpc_port, garbage)
        code = hostile.export(plane.grpc_port, token, garbage, **{"x-phoenix-arm": "own"})
        assert code is grpc.StatusCode.INVALID_ARGUMENT
    big = hostile.export(plane.grpc_port, token, b"\0" * _OTLP_BODY, **{"x-phoenix-arm": "own"})
    assert big is grpc.StatusCode.RESOURCE_EXHAUSTED


def _slow(plane: Plane, token: str) -> None:
    head = f"POST {{}} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: 9000\r\n"
    otlp = f"{head.format('/otlp/own/v1/metrics')}content-type: application/x-protobuf\r\n\r\n"
    with ExitStack() as stack:
        heads = stack.enter_context(SlowPeers(plane.port, b"GET /api/v1/hosts HTTP/1.1\r\nx-slow: "))
        bodies = stack.enter_context(SlowPeers(plane.port, otlp.encode(), count=30))
        calls = stack.enter_context(SlowPeers(plane.grpc_port, b"PRI * HTTP/2.0\r\n"))
        # The others are served meanwhile.
        assert plane.host("host-1")["state"] == "connected"
        assert hostile.post(f"{plane.url}/otlp/own/v1/metrics", token, b"") == 200
        assert hostile.export(plane.grpc_port, token, b"", **{"x-phoenix-arm": "own"}) is grpc.StatusCode.OK
        for peers in (heads, bodies, calls):
            peers.until_ended()
