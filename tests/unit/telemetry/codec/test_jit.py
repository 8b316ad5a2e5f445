import os
import time
from pathlib import Path

import pytest

from phoenix.telemetry.codec import jit
from phoenix.telemetry.compiling import compiling_watched


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    jit.cache_folder.cache_clear()
    monkeypatch.setattr(jit._config, "CACHE_DIR", "")
    yield
    jit.cache_folder.cache_clear()


def test_kernels_are_kept_where_phoenix_keeps_its_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("PHOENIX_CACHE_DIR", str(tmp_path))
    folder = jit.cache_folder()
    assert folder is not None
    assert Path(folder).parent == tmp_path / "kernels"
    assert jit.cache_folder() == folder


def test_without_a_setting_the_users_cache_is_taken(monkeypatch, tmp_path):
    monkeypatch.delenv("PHOENIX_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert str(jit.cache_folder()).startswith(str(tmp_path / "phoenix" / "kernels"))


def test_numbas_own_setting_decides(monkeypatch, tmp_path):
    monkeypatch.setattr(jit._config, "CACHE_DIR", str(tmp_path))
    assert jit.cache_folder() == str(tmp_path)


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch, tmp_path):
    (tmp_path / "kernels").write_text("a file where the folder should be")
    monkeypatch.setenv("PHOENIX_CACHE_DIR", str(tmp_path))
    assert jit.cache_folder() is None
    assert jit.kernel(double)(21) == 42


def test_compiling_a_kernel_is_told_to_those_who_watch_and_what_is_compiled_already_is_not():
    told: list[str | None] = []
    compiled = jit.kernel(double)
    with compiling_watched(told.append):
        compiled(21)
        compiled(22)
    jit.kernel(double)(21.5)
    assert told == ([] if jit._config.DISABLE_JIT else ["double", None])


def test_kernels_unused_for_long_are_forgotten(monkeypatch, tmp_path):
    old, recent = tmp_path / "kernels" / "old", tmp_path / "kernels" / "recent"
    old.mkdir(parents=True)
    recent.mkdir()
    long_ago = time.time() - jit._UNUSED_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    monkeypatch.setenv("PHOENIX_CACHE_DIR", str(tmp_path))
    folder = jit.cache_folder()
    assert sorted(path.name for path in (tmp_path / "kernels").iterdir()) == sorted(["recent", Path(str(folder)).name])


def double(number):
    return number * 2
