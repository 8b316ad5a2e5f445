"""A disk that is really full, and a folder that is really read-only: file systems of their own."""

import pytest
from tests.support.cli import assert_told, phoenix
from tests.support.conditions.mounts import UNSHARE

FULL = "No space left on device"
WRITERS = {
    "import": ("capture", "import", "in.jsonl", "--output"),
    "record": ("capture", "record", "--for", "1s", "--interval", "1s", "--output"),
    "whatif": ("whatif", "-f", "all.yaml", "-c", "c", "--output-otlp"),
    "render": ("pipeline", "render", "process-intelligent-v1", "--output"),
}


@pytest.fixture
def writer(request, built_programs):
    return WRITERS[request.param]


@pytest.mark.parametrize(
    ("writer", "room", "code"),
    [
        ("import", 0, "CAPTURE_STORAGE_FAILED"),
        # Some of the capture's tables have room.
        ("import", 20_000, "CAPTURE_STORAGE_FAILED"),
        ("record", 0, "CAPTURE_STORAGE_FAILED"),
        ("whatif", 0, "OUTPUT_UNAVAILABLE"),
        ("render", 0, "OUTPUT_UNAVAILABLE"),
    ],
    indirect=["writer"],
)
def test_a_full_disk_is_named_and_nothing_half_written_stays(writer, room, code, good, disk):
    finished = phoenix(*writer, disk.folder / "new", cwd=good, prefix=disk.full(room))
    assert_told(finished, 7, code, FULL, str(disk.folder / "new"))
    assert finished.out == ""
    assert disk.left() == []


@pytest.mark.parametrize("writer", WRITERS, indirect=True)
def test_a_read_only_folder_is_named(writer, good, disk):
    (disk.before / "old").write_text("old")
    finished = phoenix(*writer, disk.folder / "new", cwd=good, prefix=disk.read_only())
    assert_told(finished, 5, "CAPTURE_DENIED" if writer[0] == "capture" else "OUTPUT_DENIED", str(disk.folder))
    assert finished.out == ""
    assert disk.left() == ["old"]


def test_a_file_that_was_there_outlives_a_full_disk(good, disk):
    (disk.before / "new").write_text("what was there")
    finished = phoenix(*WRITERS["render"], disk.folder / "new", cwd=good, prefix=disk.full())
    assert_told(finished, 7, "OUTPUT_UNAVAILABLE", FULL)
    assert disk.left() == ["new"]
    assert (disk.after / "new").read_text() == "what was there"


RUN = ("run", "--once", "--offline", "--record-for", "2s", "--cpu-time", "100ms")


def test_a_cache_folder_without_room_for_a_recording_is_named(disk, fill_cache):
    fill_cache(disk.before)
    environment = {"PHOENIX_CACHE_DIR": str(disk.folder), "PHOENIX_RECORD__INTERVAL": "1s"}
    # Enough for the state of a load simulation.
    finished = phoenix(*RUN, environment=environment, prefix=disk.full(12_000))
    assert finished.out == ""
    assert_told(finished, 7, "CAPTURE_STORAGE_FAILED", FULL, str(disk.folder))
    assert set(disk.left()) <= {"bin", "kernels", "captures", "loadsim"}


def test_a_full_cache_folder_is_named_before_the_recording(disk, fill_cache):
    fill_cache(disk.before)
    environment = {"PHOENIX_CACHE_DIR": str(disk.folder)}
    finished = phoenix(
        *RUN, environment=environment, prefix=(*disk.full(), "unshare", "--pid", "--fork", "--mount-proc")
    )
    assert finished.out == ""
    assert_told(finished, 7, "LOADSIM_DISK_FULL", FULL, str(disk.folder))
    assert "Recording" not in finished.err


def test_compiled_code_that_cannot_be_kept_is_no_error(disk, good):
    environment = {"PHOENIX_CACHE_DIR": str(disk.folder)}
    finished = phoenix("capture", "get", "c", cwd=good, environment=environment, prefix=disk.full())
    assert (finished.status, finished.err) == (0, "")


# Python looks for a folder for temporary files in these places, whatever TMPDIR says.
EVERYTHING_ELSE_READ_ONLY = """
for folder in /tmp /var/tmp; do mount --rbind $folder $folder; mount -o remount,bind,ro $folder; done
exec "$@"
"""


@pytest.mark.parametrize("line", [("pipeline", "validate"), ("whatif", "--evaluator", "collector", "-c", "c", "-f")])
def test_no_room_for_temporary_files_is_said(line, good, disk, built_programs):
    line = (line[0], *(good / word if word == "c" else word for word in line[1:]), good / "good.yaml")
    prefix = (*disk.full(), *UNSHARE, "sh", "-c", EVERYTHING_ELSE_READ_ONLY, "sh")
    finished = phoenix(*line, cwd=disk.folder, environment={"TMPDIR": str(disk.folder)}, prefix=prefix)
    assert_told(finished, 7, "TEMPORARY_FOLDER_UNUSABLE", str(disk.folder))
