"""`phoenix doctor`: what it makes of a server and a fleet in each state, and of no server."""

import json
import os
import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.fake_server import URL, FakeServer, problem

from phoenix.settings.model import Settings
from phoenix.settings.server import LOCK_FILE, ServerSettings

READY = {"status": "ok", "checks": {"database": "ok"}}
ME = {"id": "tok-1", "kind": "user", "name": "ada", "scopes": []}
HOST: dict[str, Any] = {
    "id": "host-1",
    "name": "web-1",
    "labels": {},
    "state": "connected",
    "reason": "",
    "desired": "rev-2",
    "proved": "rev-2",
    "verified": "rev-2",
    "failure": None,
    "enrolled_at": "2026-11-24T10:00:00Z",
    "last_seen": None,
    "collector_version": "0.160.0",
}
DIAGNOSIS: dict[str, Any] = {
    "host": HOST,
    "ailment": "crash_loop",
    "headline": "Its collector crashes again and again.",
    "why": ["It exited five times."],
    "next_step": "Free the port.",
    "log": ["bind: address already in use"],
}


def well(**more: Any) -> FakeServer:
    return FakeServer({"GET /readyz": READY, "GET /auth/whoami": ME, "GET /hosts": {"hosts": [HOST]}, **more})


def settings(folder: Path) -> Settings:
    return Settings(server=ServerSettings(data_dir=folder))


def test_says_that_all_is_well() -> None:
    finished = well().run("doctor")
    assert finished.status == 0
    assert "1 enrolled, all connected" in finished.out


def test_a_large_fleet_that_is_not_well_stays_on_one_screen() -> None:
    hosts = [{**HOST, "name": f"web-{number}", "state": "lost"} for number in range(500)]
    finished = well(**{"GET /hosts": {"hosts": hosts}}).run("doctor")
    assert len(finished.out.splitlines()) <= 24
    assert "494 more" in finished.out


def test_names_each_host_that_is_not_well() -> None:
    failure = {"revision": "rev-2", "code": "COLLECTOR_CRASH_LOOP", "text": "port busy", "at": "2026-11-24T10:00:00Z"}
    hosts = [HOST, {**HOST, "name": "web-2", "failure": failure}, {**HOST, "name": "web-3", "state": "lost"}]
    finished = well(**{"GET /hosts": {"hosts": hosts}}).run("doctor", "-o", "json")
    found = {it["subject"]: it for it in json.loads(finished.out)["findings"] if not it["well"]}
    assert finished.status == 1
    assert set(found) == {"host web-2", "host web-3"}
    assert found["host web-2"]["code"] == "COLLECTOR_CRASH_LOOP"
    assert found["host web-3"]["user_action"] == "Run `phoenix doctor web-3`."


def test_names_what_is_not_ready() -> None:
    checks = {"status": "not ready", "checks": {"database": "DATABASE_UNREACHABLE", "ingest": "ok"}}
    finished = well(**{"GET /readyz": httpx.Response(503, json=checks)}).run("doctor")
    assert finished.status == 1
    assert "DATABASE_UNREACHABLE" in finished.out


def test_says_when_the_token_is_refused_and_asks_no_further() -> None:
    refusal = httpx.Response(401, json=problem("AUTHENTICATION_EXPIRED", "denied", "the token expired"))
    server = well(**{"GET /auth/whoami": refusal})
    finished = server.run("doctor")
    assert finished.status == 1
    assert "AUTHENTICATION_EXPIRED" in finished.out
    assert all(path != "/hosts" for _, path, _ in server.asked)


def test_shows_what_ails_a_host() -> None:
    finished = well(**{"GET /hosts/web-1/diagnosis": DIAGNOSIS}).run("doctor", "web-1")
    assert finished.status == 1
    for said in ("crashes again and again", "five times", "Free the port.", "address already in use"):
        assert said in finished.out


def test_is_content_with_a_host_that_nothing_ails() -> None:
    fine = {**DIAGNOSIS, "ailment": "none", "headline": "All is well.", "why": [], "next_step": "", "log": []}
    assert well(**{"GET /hosts/web-1/diagnosis": fine}).run("doctor", "web-1").status == 0


def test_tells_an_unknown_host_as_the_server_does() -> None:
    missing = httpx.Response(404, json=problem("HOST_NOT_FOUND", "not found", "host web-9: there is none"))
    finished = well(**{"GET /hosts/web-9/diagnosis": missing}).run("doctor", "web-9")
    assert finished.status == 4


def test_tells_how_to_enrol_again_what_the_server_has_forgotten(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "phoenix" / "hosts" / "web-9"
    folder.mkdir(parents=True)
    (folder / "supervisor.yaml").touch()
    missing = httpx.Response(404, json=problem("HOST_NOT_FOUND", "not found", "host web-9: there is none"))
    finished = well(**{"GET /hosts/web-9/diagnosis": missing}).run("doctor", "web-9")
    assert finished.status == 1
    said = " ".join(finished.out.split())
    assert "the server does not know it" in said
    assert "phoenix host enrol --name web-9 --again" in said


AWAY = FakeServer({"": httpx.ConnectError("[Errno 111] Connection refused")})


def test_explains_that_no_server_ever_ran(tmp_path) -> None:
    finished = AWAY.run("doctor", settings=settings(tmp_path))
    assert finished.status == 1
    assert "API_UNAVAILABLE" in finished.out
    assert "no server has ever run" in finished.out


@pytest.mark.parametrize("pid_of", [lambda: 2**22 + 1, os.getpid], ids=["nobody", "another program"])
def test_explains_a_server_that_is_no_more(tmp_path, pid_of) -> None:
    (tmp_path / LOCK_FILE).write_text(json.dumps({"pid": pid_of(), "url": URL}), encoding="utf-8")
    # As JSON: a table breaks lines where the width of the folder's name wants it.
    finished = AWAY.run("doctor", "-o", "json", settings=settings(tmp_path))
    assert "is no more" in finished.out
    assert "phoenix up" in finished.out


@pytest.mark.parametrize(
    ("url", "said"), [("http://127.0.0.1:9999", "PHOENIX_API_URL=http://127.0.0.1:9999"), (URL, "does not answer")]
)
def test_explains_a_server_that_runs_elsewhere_or_hangs(tmp_path, monkeypatch, url, said) -> None:
    monkeypatch.setattr("phoenix.cli.doctor.server._is_server", lambda _pid: True)
    (tmp_path / LOCK_FILE).write_text(json.dumps({"pid": 1, "url": url}), encoding="utf-8")
    assert said in AWAY.run("doctor", settings=settings(tmp_path)).out.replace("\n", " ")


def test_tells_what_this_machine_knows_of_a_host_without_the_server(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "phoenix" / "hosts" / "web-1"
    folder.mkdir(parents=True)
    (folder / "supervisor.yaml").touch()
    (folder / "supervisor.log").write_text('{"msg": "connection refused"}\n', encoding="utf-8")
    finished = AWAY.run("doctor", "web-1", "-o", "json", settings=settings(tmp_path))
    found = json.loads(finished.out)["findings"]
    assert any(f"phoenix host start {folder}" in it["user_action"] for it in found)
    assert any("connection refused" in it["message"] for it in found if "supervisor said" in it["subject"])


def test_keeps_to_one_screen_when_the_logs_say_the_same_again_and_again(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "phoenix" / "hosts" / "web-1"
    folder.mkdir(parents=True)
    (folder / "supervisor.yaml").touch()
    said = "".join(f'{{"msg": "{text * 40}"}}\n' for text in ("first ", "refused ", "refused ", "refused ") * 9)
    for name in ("supervisor.log", "collector.log"):
        (folder / name).write_text(said, encoding="utf-8")
    out = AWAY.run("doctor", "web-1", settings=settings(tmp_path)).out
    assert len(out.splitlines()) <= 24, out
    assert "first" in out
    assert "refused" in out


def test_a_host_that_said_much_stays_on_one_screen_and_says_nothing_twice() -> None:
    said = [f"{number}: {'x' * 400}" for number in range(8)]
    diagnosis = {**DIAGNOSIS, "why": ["The supervisor says: exit code 1", "w" * 300], "log": ["exit code 1", *said]}
    finished = well(**{"GET /hosts/web-1/diagnosis": diagnosis}).run("doctor", "web-1")
    lines = [line for long in finished.out.splitlines() for line in textwrap.wrap(long, 100) or [""]]
    assert len(lines) <= 24
    assert finished.out.count("exit code 1") == 1
    assert "7: xxx" in finished.out
