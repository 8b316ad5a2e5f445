"""`phoenix up` as a user runs it: start, use, Ctrl-C, and what it says when it cannot start."""

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import pytest
from tests.support.cli import PHOENIX, assert_told, clean_environment, phoenix


def environment_of(folder: Path) -> dict[str, str]:
    return {"PHOENIX_SERVER__DATA_DIR": str(folder)}


@contextlib.contextmanager
def up(environment: Mapping[str, str], *line: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Give the command once it said where it serves, and what it said."""
    with subprocess.Popen(
        [PHOENIX, "up", "--port", "0", "--grpc-port", "0", "-o", "json", *line],
        env=clean_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        try:
            assert command.stdout is not None
            yield command, first_document(command.stdout)
        finally:
            command.kill()


def first_document(lines: IO[str]) -> dict[str, str]:
    said = ""
    for line in lines:
        said += line
        if line == "}\n":
            return dict(json.loads(said))
    pytest.fail(f"no document: {said}")


def test_serves_until_ctrl_c_and_ends_well(tmp_path) -> None:
    with up(environment_of(tmp_path)) as (command, said):
        assert said["admin_token"].startswith("phx_adm_")
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=30)
        assert command.returncode == 0, err
        assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ends_well_when_an_init_system_asks(tmp_path, number) -> None:
    with up(environment_of(tmp_path)) as (command, _):
        command.send_signal(number)
        command.communicate(timeout=30)
        assert command.returncode == 0


def test_commands_of_the_same_user_need_no_token(tmp_path) -> None:
    environment = environment_of(tmp_path)
    with up(environment) as (_, said):
        here = environment | {"PHOENIX_API_URL": said["url"]}
        assert json.loads(phoenix("doctor", "-o", "json", environment=here).out)["well"]
        stranger = {"PHOENIX_API_URL": said["url"], "PHOENIX_SERVER__DATA_DIR": str(tmp_path / "none")}
        assert_told(phoenix("host", "list", environment=stranger), 5, "AUTHENTICATION_REQUIRED")
        stale = here | {"PHOENIX_AUTH_TOKEN": "phx_usr_" + "a" * 43}
        assert_told(phoenix("host", "list", environment=stale), 5, "AUTHENTICATION_FAILED")


def test_tells_a_person_where_it_is_and_how_to_reach_it(tmp_path) -> None:
    environment = environment_of(tmp_path)
    with subprocess.Popen(
        [PHOENIX, "up", "--port", "0", "--grpc-port", "0"],
        env=clean_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as command:
        try:
            assert command.stdout is not None
            said = [command.stdout.readline() for _ in range(4)]
        finally:
            command.kill()
    url = said[0].split()[3].rstrip(",")
    assert said[1] == f"Other commands reach it with: export PHOENIX_API_URL={url}\n"
    assert said[2].startswith("Admin token, shown this once: phx_adm_")
    assert said[3] == f"Commands of this user find it in {tmp_path / 'admin-token'}.\n"


@pytest.mark.parametrize("option", ["--port", "--grpc-port"])
def test_names_the_option_that_is_no_port(option) -> None:
    assert_told(phoenix("up", option, "99999"), 2, "USAGE", option)


def test_says_who_has_the_folder(tmp_path) -> None:
    environment = environment_of(tmp_path)
    with up(environment) as (_, said):
        second = phoenix("up", "--port", "0", environment=environment)
        assert_told(second, 6, "DATA_FOLDER_IN_USE", said["url"], "server.data_dir")


def test_says_why_it_does_not_listen_to_the_world(tmp_path) -> None:
    refused = phoenix("up", "--host", "0.0.0.0", environment=environment_of(tmp_path))  # noqa: S104 - what is refused
    assert_told(refused, 5, "PLAINTEXT_REFUSED", "server.tls_certificate")
    assert not list(tmp_path.iterdir())


def test_says_when_there_is_no_server_and_what_to_do(tmp_path) -> None:
    environment = environment_of(tmp_path) | {"PHOENIX_API_URL": "http://127.0.0.1:9"}
    assert_told(phoenix("host", "list", environment=environment), 7, "API_UNAVAILABLE", "phoenix up")
