"""The server as a process: first start, restarts, kills, refusals, on both databases."""

import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from tests.support.server import a_server, settings_of

from phoenix.cli.up.errors import ServerEndedError
from phoenix.cli.up.process import running_server
from phoenix.client.connection import Connection
from phoenix.client.errors import ApiCertificateError, ApiError
from phoenix.settings.server import ADMIN_TOKEN_FILE

WHOAMI = "/auth/whoami"


def test_serves_on_each_database_and_tells_the_admins_token_once(empty_database_url, tmp_path) -> None:
    with a_server(tmp_path / "data", DATABASE_URL=empty_database_url) as server:
        assert server.server.admin_token == server.token
        assert "tokens:write" in server.get(WHOAMI)["scopes"]
        assert server.readiness()["status"] == "ok"
    with a_server(tmp_path / "data", DATABASE_URL=empty_database_url) as again:
        assert again.server.admin_token is None
        assert again.get(WHOAMI)["name"] == "first start"


def test_keeps_its_files_from_other_users(tmp_path) -> None:
    # A folder that was there before, open to all: the database holds hosts' configs.
    (tmp_path / "data").mkdir(mode=0o755)
    with a_server(tmp_path / "data"):
        files = {path.name: path for path in (tmp_path / "data").iterdir() if path.name != "server.log"}
        assert {ADMIN_TOKEN_FILE, "phoenix.db", "phoenix.db-wal"} <= files.keys()
        assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}


def test_keeps_everything_when_it_is_killed(empty_database_url, tmp_path) -> None:
    with a_server(tmp_path / "data", DATABASE_URL=empty_database_url) as server:
        made = server.post("/tokens", {"name": "ci", "role": "editor"})
        server.server.process.kill()
        server.server.process.wait()
    with a_server(tmp_path / "data", DATABASE_URL=empty_database_url) as again:
        assert again.get(WHOAMI, token=made["token"])["name"] == "ci"


def test_refuses_a_second_server_on_its_folder(tmp_path) -> None:
    with a_server(tmp_path / "data") as first:
        with pytest.raises(ApiError) as refused, running_server(settings_of(tmp_path / "data")):
            pass
        assert (refused.value.code, refused.value.details["url"]) == ("DATA_FOLDER_IN_USE", first.url)
        assert first.get(WHOAMI)


def test_refuses_a_port_in_use(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = settings_of(tmp_path / "data") | {"PHOENIX_SERVER__PORT": port}
        with pytest.raises(ApiError) as refused, running_server(settings):
            pass
    assert refused.value.code == "PORT_IN_USE"
    assert f"server.port: 127.0.0.1:{port}" in refused.value.message


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("HOST", "0.0.0.0", "PLAINTEXT_REFUSED"),  # noqa: S104 - what must be refused
        ("HOST", "192.0.2.1", "PLAINTEXT_REFUSED"),
        ("DATA_DIR", "/proc/phoenix", "DATA_FOLDER_UNUSABLE"),
        ("DATA_DIR", "/dev/null", "DATA_FOLDER_UNUSABLE"),
        ("DATABASE_URL", "mysql://x", "DATABASE_ADDRESS_INVALID"),
        ("DATABASE_URL", "postgresql+psycopg://x:y@127.0.0.1:9/phoenix", "DATABASE_UNREACHABLE"),
        ("TLS_CERTIFICATE", "/dev/null", "TLS_FILES_INVALID"),
        ("PORT", "eighty", "SETTING_VALUE_INVALID"),
    ],
)
def test_says_why_it_does_not_start(tmp_path, name, value, code) -> None:
    settings = settings_of(tmp_path / "data") | {f"PHOENIX_SERVER__{name}": value}
    with pytest.raises(ApiError) as refused, running_server(settings):
        pass
    assert refused.value.code == code
    assert refused.value.user_action
    assert "x:y" not in refused.value.message


def test_refuses_an_address_of_another_machine(tmp_path) -> None:
    settings = settings_of(tmp_path / "data", PLAINTEXT="true") | {"PHOENIX_SERVER__HOST": "192.0.2.1"}
    with pytest.raises(ApiError) as refused, running_server(settings):
        pass
    assert refused.value.code == "ADDRESS_UNUSABLE"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ends_well_when_it_is_asked(tmp_path, number) -> None:
    with a_server(tmp_path / "data") as server:
        process = server.server.process
        process.send_signal(number)
        process.send_signal(number)
        assert process.wait(20) == 0
    assert not list((tmp_path / "data").glob("*.db-wal"))


def test_ends_by_itself_when_its_command_is_killed(tmp_path) -> None:
    code = (
        "import sys\nfrom tests.support.server import a_server\nfrom pathlib import Path\n"
        f"with a_server(Path({str(tmp_path / 'data')!r})) as server:\n"
        "    print(server.server.process.pid, flush=True)\n    sys.stdin.read()\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as command:
        assert command.stdout is not None
        pid = int(command.stdout.readline())
        command.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the server outlived its command"
        time.sleep(0.05)


def test_tells_a_server_that_dies_from_one_that_ends(tmp_path) -> None:
    with a_server(tmp_path / "data") as server:
        server.server.process.kill()
        with pytest.raises(ServerEndedError):
            server.server.wait()


def test_speaks_tls(tmp_path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *subject],
        check=True,
        capture_output=True,
    )
    with a_server(tmp_path / "data", TLS_CERTIFICATE=str(certificate), TLS_KEY=str(key)) as server:
        assert server.url.startswith("https://")
        with Connection(server.url, server.token, ca=str(certificate)) as connection:
            assert connection.get(WHOAMI)["name"] == "first start"
        with Connection(server.url, server.token) as stranger, pytest.raises(ApiCertificateError):
            stranger.readiness()
        grpc_port = server.server.facts["grpc"]
        trusted = grpc.ssl_channel_credentials(certificate.read_bytes())
        assert _told_by_ingest(grpc.secure_channel(grpc_port, trusted)) is grpc.StatusCode.UNAUTHENTICATED
        # In plain words nothing is said.
        assert _told_by_ingest(grpc.insecure_channel(grpc_port)) is grpc.StatusCode.UNAVAILABLE


def _told_by_ingest(channel: grpc.Channel) -> grpc.StatusCode:
    """Return what the gRPC ingest says to a sender without a token."""
    with channel, pytest.raises(grpc.RpcError) as caught:
        MetricsServiceStub(channel).Export(
            ExportMetricsServiceRequest(), metadata=[("x-phoenix-arm", "own")], timeout=10
        )
    code: grpc.StatusCode = caught.value.code()
    return code


def test_tells_no_secret_in_its_log(tmp_path) -> None:
    with a_server(tmp_path / "data", LOG_FORMAT="json") as server:
        token = server.token
        server.get(WHOAMI)
    log = (tmp_path / "data" / "server.log").read_text(encoding="utf-8")
    assert token not in log
    assert '"operation": "auth.whoami"' in log
