import errno
import os
from pathlib import Path

import pytest

from phoenix.cli.errors import (
    InputFileDeniedError,
    InputFileNotFoundError,
    InputFileUnreadableError,
    OutputDeniedError,
    OutputExistsError,
    OutputUnavailableError,
)
from phoenix.cli.files import check_input, input_error, output_error, output_file, read_text, write_text
from phoenix.cli.terminal.streams import Streams

STREAMS = Streams.captured(stdin="from stdin\n")


def test_reads_a_file_and_standard_input(tmp_path: Path):
    (tmp_path / "a").write_text("größe")
    assert read_text(STREAMS, str(tmp_path / "a")) == "größe"
    assert read_text(STREAMS, "-") == "from stdin\n"


@pytest.mark.parametrize("name", ["none.yaml", "none/none.yaml", "a.yaml/below"])
def test_a_missing_file_is_named(tmp_path: Path, name):
    (tmp_path / "a.yaml").write_text("a: 1")
    path = tmp_path / name
    with pytest.raises(InputFileNotFoundError, match=rf"{name}: there is no such file"):
        read_text(STREAMS, str(path))


def test_a_folder_is_no_text(tmp_path: Path):
    with pytest.raises(InputFileUnreadableError, match="is a folder"):
        read_text(STREAMS, str(tmp_path))
    with pytest.raises(InputFileUnreadableError, match="is a folder"):
        check_input(tmp_path)


def test_bytes_that_are_no_text_name_the_byte(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"ab\xff")
    with pytest.raises(InputFileUnreadableError, match="byte 2"):
        read_text(STREAMS, str(tmp_path / "a"))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.EACCES, InputFileDeniedError), (errno.EIO, InputFileUnreadableError)],
)
def test_why_a_file_cannot_be_read_decides_the_error(number, expected):
    assert isinstance(input_error("x", OSError(number, os.strerror(number))), expected)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.EACCES, OutputDeniedError),
        (errno.EROFS, OutputDeniedError),
        (errno.EISDIR, OutputExistsError),
        (errno.ENOSPC, OutputUnavailableError),
        (errno.ENOENT, OutputUnavailableError),
    ],
)
def test_why_a_file_cannot_be_written_decides_the_error(number, expected):
    assert isinstance(output_error("x", OSError(number, os.strerror(number))), expected)


def test_writes_whole_and_with_the_usual_mode(tmp_path: Path):
    mask = os.umask(0o022)
    try:
        write_text(tmp_path / "out", "a")
    finally:
        os.umask(mask)
    assert (tmp_path / "out").read_text() == "a"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o644


def test_replacing_keeps_the_mode(tmp_path: Path):
    out = tmp_path / "out"
    out.write_text("old")
    out.chmod(0o600)
    write_text(out, "new")
    assert (out.read_text(), out.stat().st_mode & 0o777) == ("new", 0o600)


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, failure):
    out = tmp_path / "out"
    out.write_text("old")
    expected = OutputUnavailableError if isinstance(failure, OSError) else KeyboardInterrupt

    def write_half() -> None:
        with output_file(out) as fresh:
            fresh.write_text("half")
            raise failure

    with pytest.raises(expected):
        write_half()
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_in_the_way_is_a_conflict(tmp_path: Path):
    with pytest.raises(OutputExistsError, match="cannot be written: Is a directory"):
        write_text(tmp_path, "a")


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(OutputUnavailableError, match=r"none/out: cannot be written: No such file"):
        write_text(tmp_path / "none" / "out", "a")


def test_a_device_is_written_as_it_is():
    write_text(Path("/dev/null"), "a")
    assert not Path("/dev/null").is_file()
