"""`phoenix host`: from options to requests, and from answers to what is written."""

import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tests.support.command_lines import options_of
from tests.support.fake_server import FakeServer, problem

import phoenix.cli.host.enrolment as enrolment_module
from phoenix.cli.host.enrol import EnrolOptions
from phoenix.cli.host.history import HistoryOptions
from phoenix.cli.host.list import ListOptions
from phoenix.settings.model import Settings
from phoenix.settings.output_format import OutputFormat

HOST: dict[str, Any] = {
    "id": "host-1",
    "name": "web-1",
    "labels": {"app": "web"},
    "state": "connected",
    "reason": "",
    "desired": "rev-2",
    "offered": "rev-2",
    "proved": "rev-2",
    "verified": "rev-1",
    "failure": None,
    "enrolled_at": "2026-11-24T10:00:00Z",
    "last_seen": None,
    "collector_version": "0.160.0",
}
FAILED = {
    **HOST,
    "failure": {
        "revision": "rev-2",
        "code": "CONFIG_REFUSED_BY_HOST",
        "text": "port busy",
        "at": "2026-11-24T10:00:00Z",
    },
}


def test_list_takes_a_selector(monkeypatch) -> None:
    assert options_of(monkeypatch, "host", "list", "-l", "app=web") == ListOptions("app=web")


def test_history_takes_a_host_and_a_format(monkeypatch) -> None:
    assert options_of(monkeypatch, "host", "history", "web-1", "-o", "json") == HistoryOptions(
        "web-1", OutputFormat.JSON
    )


def test_enrol_takes_labels_and_files(monkeypatch) -> None:
    line = ("host", "enrol", "--name", "a", "--label", "app=web", "--label", "tier=", "--config", "c.yaml", "--start")
    expected = EnrolOptions("a", {"app": "web", "tier": ""}, "c.yaml", None, again=False, start=True)
    assert options_of(monkeypatch, *line) == expected


@pytest.mark.parametrize("labels", [["app"], ["=web"], ["app=web", "app=db"]])
def test_enrol_refuses_labels_that_are_none(labels) -> None:
    finished = FakeServer().run("host", "enrol", *(word for label in labels for word in ("--label", label)))
    assert finished.status == 2
    assert "code: USAGE" in finished.err


def test_list_shows_each_host_with_what_it_runs() -> None:
    server = FakeServer({"GET /hosts?selector=app%3Dweb": {"hosts": [HOST, {**FAILED, "name": "web-2"}]}})
    finished = server.run("host", "list", "-l", "app=web")
    assert finished.status == 0
    assert "rev-2 proved" in finished.out
    assert "rev-2 failed" in finished.out


def test_list_gives_programs_everything() -> None:
    finished = FakeServer({"GET /hosts": {"hosts": [HOST]}}).run("host", "list", "-o", "json")
    assert json.loads(finished.out) == {"hosts": [HOST]}


def test_get_shows_why_a_config_failed() -> None:
    finished = FakeServer({"GET /hosts/web-1": FAILED}).run("host", "get", "web-1")
    assert "CONFIG_REFUSED_BY_HOST at 2026-11-24 10:00:00: port busy" in finished.out


def test_get_tells_the_servers_refusal_as_its_own() -> None:
    answer = httpx.Response(404, json=problem("HOST_NOT_FOUND", "not found", "host web-9: there is none"))
    finished = FakeServer({"GET /hosts/web-9": answer}).run("host", "get", "web-9")
    assert finished.status == 4
    assert "error: host web-9: there is none" in finished.err
    assert "code: HOST_NOT_FOUND" in finished.err
    assert "request_id: req-12345678" in finished.err


def test_get_says_when_there_is_no_server() -> None:
    finished = FakeServer({"": httpx.ConnectError("[Errno 111] Connection refused")}).run("host", "get", "web-1")
    assert finished.status == 7
    assert "code: API_UNAVAILABLE" in finished.err
    assert "phoenix up" in finished.err


def test_history_shows_each_step() -> None:
    events = [{"at": "2026-11-24T10:00:00Z", "kind": "offered", "revision": "rev-2", "text": "by experiment"}]
    finished = FakeServer({"GET /hosts/web-1/history": {"events": events}}).run("host", "history", "web-1")
    assert "2026-11-24 10:00:00" in finished.out
    assert "offered" in finished.out


@pytest.fixture
def programs(monkeypatch, tmp_path) -> None:
    """Programs that are there already: nothing is searched or built."""
    program = SimpleNamespace(path=tmp_path / "program")
    program.path.touch(mode=0o755)
    monkeypatch.setattr(enrolment_module, "the_collector", lambda _cli: program)
    monkeypatch.setattr(enrolment_module, "the_supervisor", lambda _cli: program)


ENROLLED = {"host": HOST, "credential": "phx_host_secret"}


def test_enrol_asks_the_server_and_writes_private_files(programs, tmp_path) -> None:
    (tmp_path / "c.yaml").write_text("receivers: {}\n", encoding="utf-8")
    server = FakeServer({"POST /hosts": ENROLLED})
    folder = tmp_path / "host"
    line = ["host", "enrol", "--name", "web-1", "--label", "app=web", "--config", str(tmp_path / "c.yaml")]
    finished = server.run(*line, "--folder", str(folder), "-o", "json")
    assert finished.status == 0, finished.err
    body = {"name": "web-1", "labels": {"app": "web"}, "config": "receivers: {}\n", "again": False}
    assert server.asked == [("POST", "/hosts", body)]
    assert json.loads(finished.out)["start"] == f"phoenix host start {folder}"
    assert "phx_host_secret" not in finished.out
    assert "phx_host_secret" in (folder / "environment").read_text(encoding="utf-8")
    assert (folder / "environment").stat().st_mode & 0o077 == 0


def test_enrol_gives_the_host_the_servers_own_authority(programs, monkeypatch, tmp_path) -> None:
    # What the fake server's connection trusts does not matter; that the host is told does.
    authority = tmp_path / "ca.pem"
    authority.write_text("PEM", encoding="utf-8")
    server = FakeServer({"POST /hosts": ENROLLED})
    line = ("host", "enrol", "--name", "web-1", "--folder", str(tmp_path / "host"))
    assert server.run(*line, settings=Settings(api_ca=authority)).status == 0
    told = (tmp_path / "host" / "environment").read_text(encoding="utf-8")
    assert f'SSL_CERT_FILE="{tmp_path / "host" / "authority.pem"}"' in told
    assert (tmp_path / "host" / "authority.pem").read_text(encoding="utf-8") == "PEM"


def test_enrol_asks_nothing_when_the_folder_is_taken(programs, tmp_path) -> None:
    server = FakeServer({"POST /hosts": ENROLLED})
    line = ("host", "enrol", "--name", "web-1", "--folder", str(tmp_path / "host"))
    assert server.run(*line).status == 0
    finished = server.run(*line)
    assert finished.status == 6
    assert "code: HOST_FOLDER_TAKEN" in finished.err
    assert len(server.asked) == 1
    assert server.run(*line, "--again").status == 0
    assert server.asked[-1][2]["again"] is True


def test_enrol_asks_nothing_when_the_folder_cannot_be_made(programs, tmp_path) -> None:
    (tmp_path / "file").touch()
    server = FakeServer({"POST /hosts": ENROLLED})
    finished = server.run("host", "enrol", "--folder", str(tmp_path / "file" / "host"))
    assert finished.status != 0
    assert server.asked == []


@pytest.mark.parametrize("name", ["../../x", "a/b", "..", "a\x1b[31mb", "-rf"])
def test_enrol_makes_no_folder_for_a_name_that_no_host_has(programs, monkeypatch, tmp_path, name) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "deep" / "state"))
    server = FakeServer({"POST /hosts": ENROLLED})
    finished = server.run("host", "enrol", f"--name={name}")
    assert (finished.status, server.asked) == (3, [])
    assert "code: HOST_FOLDER_NAME_INVALID" in finished.err
    assert "\x1b" not in finished.err
    assert not (tmp_path / "deep").exists()


def test_a_refused_enrolment_leaves_no_folder(programs, tmp_path) -> None:
    answer = httpx.Response(409, json=problem("HOST_NAME_TAKEN", "conflict", "a host 'web-1' is enrolled already"))
    folder = tmp_path / "host"
    finished = FakeServer({"POST /hosts": answer}).run("host", "enrol", "--name", "web-1", "--folder", str(folder))
    assert (finished.status, folder.exists()) == (6, False)


def test_get_asks_nothing_for_a_name_that_is_a_path() -> None:
    server = FakeServer()
    finished = server.run("host", "get", "../tokens")
    assert (finished.status, server.asked) == (3, [])
    assert "code: API_NAME_INVALID" in finished.err


def test_start_refuses_a_folder_of_no_host(tmp_path) -> None:
    finished = FakeServer().run("host", "start", str(tmp_path))
    assert finished.status == 4
    assert "phoenix host enrol" in finished.err
