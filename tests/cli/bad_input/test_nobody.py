"""Another user, who may read and write nothing but a folder of their own."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.cli import PHOENIX, Finished, assert_told, phoenix
from tests.support.conditions.nobody import as_nobody
from tests.support.machine.simulated import NOBODY

from phoenix.telemetry.codec.jit import cache_folder

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Nobody:
    """That user, in a folder that others may look into."""

    folder: Path
    prefix: tuple[str, ...]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def phoenix(self, *line: str | Path) -> Finished:
        environment = {"HOME": str(self.home), "PHOENIX_CACHE_DIR": str(self.home / "cache")}
        return phoenix(*line, cwd=self.folder, prefix=self.prefix, environment=environment)


@pytest.fixture(scope="module")
def nobody(own_mounts, built_programs, good):
    # pytest's own folders are closed to others.
    with tempfile.TemporaryDirectory(prefix="phoenix-nobody-") as name:
        folder = Path(name)
        shutil.copytree(good, folder, dirs_exist_ok=True)
        folder.chmod(0o755)
        programs = built_programs.collector.parent
        (folder / "home" / "cache" / "bin").mkdir(parents=True)
        (folder / "home" / "cache" / "bin" / programs.name).symlink_to(programs)
        kernels = Path(cache_folder() or "")
        shutil.copytree(kernels, folder / "home" / "cache" / "kernels" / kernels.name)
        for place in (folder / "home", *(folder / "home").rglob("*")):
            os.chown(place, NOBODY, NOBODY, follow_symlinks=False)
        yield Nobody(folder, as_nobody([ROOT, PHOENIX.parents[1], Path(sys.base_prefix), programs]))


def test_a_recording_says_how_much_could_be_read(nobody):
    finished = nobody.phoenix("capture", "record", "--for", "1s", "--interval", "1s", "--output", "home/mine")
    assert finished.status == 0, finished.err
    assert "user-space processes can be read fully as nobody" in finished.out
    assert "CAP_SYS_PTRACE" in finished.out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("capture", "record", "--for", "1s", "--interval", "1s", "--output", "new"), "CAPTURE_DENIED"),
        (("capture", "import", "in.jsonl", "--output", "new"), "CAPTURE_DENIED"),
        (("pipeline", "render", "process-minimal-v1", "--output", "new"), "OUTPUT_DENIED"),
        (("whatif", "-f", "good.yaml", "-c", "c", "--output-otlp", "new"), "OUTPUT_DENIED"),
    ],
)
def test_a_folder_of_somebody_else_is_named(nobody, line, code):
    before = sorted(nobody.folder.iterdir())
    finished = nobody.phoenix(*line)
    assert_told(finished, 5, code, "new")
    assert finished.out == ""
    assert sorted(nobody.folder.iterdir()) == before


@pytest.fixture
def secret(nobody):
    """A config, JSON lines and a capture that only root may read."""
    for name in ("secret.yaml", "secret.jsonl"):
        (nobody.folder / name).touch(mode=0o600)
    shutil.copytree(nobody.folder / "c", nobody.folder / "secret")
    (nobody.folder / "secret" / "points.parquet").chmod(0o600)
    (nobody.folder / "closed").mkdir(mode=0o700)
    yield
    for name in ("secret", "closed"):
        shutil.rmtree(nobody.folder / name)


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        (("pipeline", "validate", "secret.yaml"), "INPUT_FILE_DENIED", "secret.yaml"),
        (("whatif", "-f", "secret.yaml", "-c", "c"), "INPUT_FILE_DENIED", "secret.yaml"),
        (("capture", "import", "secret.jsonl", "--output", "home/new"), "INPUT_FILE_DENIED", "secret.jsonl"),
        (("loadsim", "start", "--profile-file", "secret.yaml"), "INPUT_FILE_DENIED", "secret.yaml"),
        (("whatif", "-f", "good.yaml", "-c", "secret"), "CAPTURE_DENIED", "secret"),
        (("whatif", "-f", "good.yaml", "-c", "closed"), "CAPTURE_DENIED", "closed"),
        (("capture", "diff", "c", "closed"), "CAPTURE_DENIED", "closed"),
        (("run", "--once", "--capture", "closed"), "CAPTURE_DENIED", "closed"),
    ],
)
def test_what_may_not_be_read_is_named(nobody, secret, line, code, place):
    assert_told(nobody.phoenix(*line), 5, code, place, "ermission denied")


@pytest.mark.parametrize("cache", ["cache", "closed"])
@pytest.mark.parametrize(
    ("line", "code"),
    [(("collector", "build"), "CACHE_FOLDER_DENIED"), (("loadsim", "start"), "LOADSIM_FOLDER_UNUSABLE")],
)
def test_a_cache_folder_of_somebody_else_is_named(nobody, secret, cache, line, code):
    environment = {"HOME": str(nobody.home), "PHOENIX_CACHE_DIR": str(nobody.folder / cache)}
    finished = phoenix(*line, cwd=nobody.folder, prefix=nobody.prefix, environment=environment)
    assert_told(finished, 5, code, str(nobody.folder / cache))
