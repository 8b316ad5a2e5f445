"""The data folder: made, held by one server, its token private."""

import os
import stat

import pytest

from phoenix.server.errors import DataFolderInUseError, DataFolderUnusableError
from phoenix.server.folder import data_folder
from phoenix.settings.server import ADMIN_TOKEN_FILE


def test_makes_a_folder_for_its_user_only(tmp_path) -> None:
    with data_folder(tmp_path / "a" / "b") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_refuses_a_second_server_and_names_the_first(tmp_path) -> None:
    with data_folder(tmp_path) as folder:
        folder.announce("http://127.0.0.1:8080")
        with pytest.raises(DataFolderInUseError) as refused, data_folder(tmp_path):
            pass
    assert refused.value.details == {"pid": os.getpid(), "url": "http://127.0.0.1:8080"}
    assert "http://127.0.0.1:8080" in refused.value.message


def test_refuses_a_second_server_while_the_first_has_not_said_who_it_is(tmp_path) -> None:
    with data_folder(tmp_path), pytest.raises(DataFolderInUseError), data_folder(tmp_path):
        pass


def test_gives_the_folder_to_the_next(tmp_path) -> None:
    for _ in range(2):
        with data_folder(tmp_path) as folder:
            folder.announce("http://127.0.0.1:8080")


def test_refuses_a_path_where_a_file_is(tmp_path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataFolderUnusableError, match="file"), data_folder(tmp_path / "file"):
        pass


def test_keeps_the_token_from_others(tmp_path) -> None:
    old = tmp_path / ADMIN_TOKEN_FILE
    old.write_text("older, and readable", encoding="utf-8")
    with data_folder(tmp_path) as folder:
        folder.keep_admin_token("phx-1")
    assert old.read_text(encoding="utf-8") == "phx-1\n"
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [ADMIN_TOKEN_FILE, "server.lock"]
