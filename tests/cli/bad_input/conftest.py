"""Fixtures: good input to spoil, a cache folder of one's own with the real programs in it, and private mounts."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.cli import phoenix
from tests.support.conditions.mounts import UNSHARE, SmallDisk
from tests.support.replay.process_requests import scrapes

from phoenix.cli.captures import write_otlp_file
from phoenix.settings.load import load_settings
from phoenix.telemetry.storage import save


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    """A folder with configs (good.yaml, all.yaml, which drops nothing), a capture (c) and its JSON lines (in.jsonl)."""
    folder = tmp_path_factory.mktemp("good")
    capture = scrapes([0, 5])
    save(capture, folder / "c")
    write_otlp_file(folder / "in.jsonl", capture)
    for name, config in (("minimal", "good.yaml"), ("baseline", "all.yaml")):
        assert phoenix("pipeline", "render", f"process-{name}-v1", "--output", folder / config).status == 0
    return folder


@pytest.fixture
def out(tmp_path):
    """An empty folder for outputs."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def fill_cache(built_programs) -> Callable[[Path], None]:
    """Return a function that puts the built programs and compiled kernels into a new cache folder, by links."""
    cache = load_settings().cache_dir

    def fill(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        for name in ("bin", "kernels"):
            (folder / name).symlink_to(cache / name)

    return fill


@pytest.fixture(scope="session")
def own_mounts() -> None:
    tried = subprocess.run(
        [*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, f"a private mount namespace is needed here (root, util-linux): {tried.stderr}"


@pytest.fixture
def disk(own_mounts, tmp_path) -> SmallDisk:
    return SmallDisk.below(tmp_path)
