"""The ports of one server: REST, OpAMP, OTLP over HTTP and gRPC, health; each with strangers and with garbage."""

import contextlib
import socket
from collections.abc import Iterator

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from tests.support.server import TestServer, a_server, settings_of

from phoenix.cli.up.process import running_server
from phoenix.client.errors import ApiError


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[TestServer]:
    with a_server(tmp_path_factory.mktemp("ports")) as running:
        yield running


@pytest.fixture(scope="module")
def credential(server) -> str:
    return str(server.post("/hosts", {"name": "h1"})["credential"])


@pytest.fixture
def http(server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


@contextlib.contextmanager
def channel(server: TestServer) -> Iterator[MetricsServiceStub]:
    with grpc.insecure_channel(server.server.facts["grpc"]) as opened:
        yield MetricsServiceStub(opened)


def test_is_ready_with_every_check_named(http) -> None:
    assert http.get("/readyz").json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "ingest": "ok"},
    }


def test_takes_own_metrics_of_a_host_over_http(http, credential) -> None:
    body = ExportMetricsServiceRequest().SerializeToString()
    headers = {"content-type": "application/x-protobuf", "authorization": f"Bearer {credential}"}
    assert http.post("/otlp/own/v1/metrics", content=body, headers=headers).status_code == 200


def test_takes_own_metrics_of_a_host_over_grpc(server, credential) -> None:
    metadata = (("authorization", f"Bearer {credential}"), ("x-phoenix-arm", "own"))
    with channel(server) as stub:
        stub.Export(ExportMetricsServiceRequest(), metadata=metadata, timeout=10)


def test_refuses_strangers_on_every_port(server, http) -> None:
    body = ExportMetricsServiceRequest().SerializeToString()
    protobuf = {"content-type": "application/x-protobuf", "authorization": "Bearer phx_host_guess"}
    assert http.post("/otlp/own/v1/metrics", content=body, headers=protobuf).status_code == 401
    assert http.post("/v1/opamp", content=b"", headers=protobuf).status_code == 401
    assert http.get("/api/v1/hosts", headers=protobuf).status_code == 401
    with channel(server) as stub, pytest.raises(grpc.RpcError) as refused:
        stub.Export(ExportMetricsServiceRequest(), metadata=(("x-phoenix-arm", "own"),), timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_hosts_credential_opens_no_api(http, credential) -> None:
    answer = http.get("/api/v1/hosts", headers={"authorization": f"Bearer {credential}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")


def test_an_admins_token_is_no_hosts(server, http) -> None:
    headers = {"content-type": "application/x-protobuf", "authorization": f"Bearer {server.token}"}
    assert http.post("/otlp/own/v1/metrics", content=b"", headers=headers).status_code == 403


@pytest.mark.parametrize("garbage", [b"\x00" * 1000, b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 600])
def test_survives_garbage_on_both_ports(server, http, garbage) -> None:
    for address in (server.url.removeprefix("http://"), server.server.facts["grpc"]):
        host, _, port = address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection, contextlib.suppress(OSError):
            connection.sendall(garbage)
            connection.recv(1000)
    assert http.get("/livez").status_code == 200


def test_refuses_an_api_body_above_the_limit(server, http) -> None:
    headers = {"authorization": f"Bearer {server.token}", "content-type": "application/json"}
    answer = http.post("/api/v1/hosts", content=b" " * 5_000_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


def test_shows_what_every_part_counts(http) -> None:
    text = http.get("/metrics").text
    for name in (
        "phoenix_api_requests_total",
        "phoenix_api_request_duration_seconds_bucket",
        "phoenix_experiments_active",
        "phoenix_opamp_agents_connected",
        "phoenix_otlp_requests_total",
        "phoenix_meter_bodies_total",
        "phoenix_meter_open_windows",
    ):
        assert f"\n{name}" in text
    assert "_created" not in text


def test_describes_every_operation(http) -> None:
    document = http.get("/api/v1/openapi.json").json()
    named = {verb["operationId"] for path in document["paths"].values() for verb in path.values()}
    assert {"experiments.create", "hosts.enrol", "hosts.diagnose", "tokens.create", "pipelines.get"} <= named
    create = document["paths"]["/api/v1/experiments"]["post"]
    assert "EXPERIMENT_VALIDATION_FAILED" in create["responses"]["422"]["description"]


def test_refuses_a_grpc_port_in_use(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = settings_of(tmp_path) | {"PHOENIX_SERVER__GRPC_PORT": str(taken.getsockname()[1])}
        with pytest.raises(ApiError) as refused, running_server(settings):
            pass
    assert refused.value.code == "PORT_IN_USE"
    assert "server.grpc_port" in refused.value.message
