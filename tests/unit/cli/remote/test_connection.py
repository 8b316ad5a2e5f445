"""Which token a command shows to which server."""

import pytest
from pydantic import SecretStr

from phoenix.cli.remote.connection import token_of
from phoenix.settings.model import Settings
from phoenix.settings.server import ADMIN_TOKEN_FILE, ServerSettings


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ADMIN_TOKEN_FILE).write_text("phx-admin\n", encoding="utf-8")
    return ServerSettings(data_dir=tmp_path)


def test_takes_the_token_of_this_machines_server(folder) -> None:
    assert token_of(Settings(server=folder)) == "phx-admin"


def test_prefers_the_token_of_the_settings(folder) -> None:
    assert token_of(Settings(server=folder, auth_token=SecretStr("phx-own"))) == "phx-own"


def test_shows_the_token_of_this_machine_to_no_other(folder) -> None:
    assert token_of(Settings(server=folder, api_url="https://phoenix.example")) is None


def test_has_none_where_there_is_none(tmp_path) -> None:
    assert token_of(Settings(server=ServerSettings(data_dir=tmp_path))) is None
