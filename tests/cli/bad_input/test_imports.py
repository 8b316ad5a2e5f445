"""Telemetry that is empty, cut short, garbage, or endless."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.support.cli import PHOENIX, Finished, assert_told, clean_environment, phoenix

GIGABYTE = 2**30
# A gigabyte in memory would be above this; the interpreter with its libraries takes 150 MB.
MEMORY = 600 * 2**20


@pytest.fixture
def lines(good):
    return (good / "in.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _: b"", "is empty"),
        (lambda lines: lines[:-100], "line 2 is not JSON"),
        (lambda lines: lines + b'{"resourceMetrics": [{"scopeMetrics": 3}]}\n' + lines, "line 3, resourceMetrics[0]"),
        (lambda _: b"\x0a\x05hello", "byte 5 of 7"),
        (lambda _: bytes(range(200, 256)) * 50, "neither JSON lines nor"),
        (lambda _: b"\x00\x00\x01\x00" + b"\x0a" * 100, "frame 0 at byte 0 has 100 of 256 bytes"),
    ],
    ids=["empty", "cut", "bad-line", "protobuf-garbage", "garbage", "cut-frame"],
)
def test_bad_telemetry_is_told_with_its_place(lines, spoil, words, out):
    (out / "in").write_bytes(spoil(lines))
    finished = phoenix("capture", "import", "in", "--output", "new", cwd=out)
    assert_told(finished, 3, "TELEMETRY_INVALID", "in", words)
    assert (finished.out, [path.name for path in out.iterdir()]) == ("", ["in"])


def run_measured(*line: str | Path, cwd: Path, stdin: Path) -> tuple[Finished, int]:
    """Run a command; return how it ended and the most memory it had, in bytes. More than 4 GB are not given to it."""
    limited: list[str | Path] = ["prlimit", f"--data={4 * GIGABYTE}", PHOENIX, *line]
    with stdin.open("rb") as given, (cwd / "stdout").open("wb") as out, (cwd / "stderr").open("wb") as err:
        process = subprocess.Popen(limited, cwd=cwd, env=clean_environment(), stdin=given, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    texts = [(cwd / name).read_text() for name in ("stdout", "stderr")]
    return Finished(process.returncode, *texts), used.ru_maxrss * 1024


@pytest.mark.parametrize(
    ("line", "start", "told"),
    [
        (
            ("capture", "import", "huge", "--output", "new"),
            b'{"resourceMetrics":[{"a":"',
            ("TELEMETRY_INVALID", "line 1"),
        ),
        (("capture", "import", "huge", "--output", "new"), b"", ("TELEMETRY_INVALID", "neither JSON lines nor")),
        (("capture", "import", "huge", "--output", "new"), b"\n\x05hello", ("TELEMETRY_INVALID", "256 MiB")),
        (
            ("capture", "import", "huge", "--output", "new"),
            bytes(3) + b"\x02\n\0",
            ("TELEMETRY_TOO_LARGE", "1,000,000 requests"),
        ),
        (("pipeline", "validate", "huge"), b"receivers: ", ("PIPELINE_REFUSED", "CONFIG_TOO_COMPLEX")),
        (("whatif", "-f", "-", "-c", "c"), b"receivers: ", ("CONFIG_TOO_COMPLEX", "<stdin>:1:1")),
        (("loadsim", "start", "--profile-file", "huge"), b"name: ", ("LOADSIM_PROFILE_INVALID", "huge")),
        (("capture", "get", "folder"), b"{", ("CAPTURE_CORRUPT", "capture.json")),
    ],
    ids=["json", "zeros", "protobuf", "frames", "validate", "stdin", "profile", "manifest"],
)
def test_a_gigabyte_in_one_line_takes_little_memory(line, start, told, good, out):
    huge = out / "huge"
    huge.write_bytes(start)
    # Sparse: it takes no room on the disk, and reads as zeros.
    os.truncate(huge, GIGABYTE)
    (out / "c").symlink_to(good / "c")
    (out / "folder").mkdir()
    (out / "folder" / "capture.json").symlink_to(huge)
    finished, memory = run_measured(*line, cwd=out, stdin=huge)
    assert_told(finished, 3, *told)
    assert memory < MEMORY
    assert not (out / "new").exists()
