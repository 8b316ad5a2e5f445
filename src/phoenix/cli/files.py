"""Files named on a command line: read with an error that says what is wrong, written whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phoenix.cli.errors import (
    InputFileDeniedError,
    InputFileNotFoundError,
    InputFileUnreadableError,
    OutputDeniedError,
    OutputExistsError,
    OutputUnavailableError,
)
from phoenix.cli.terminal.streams import Streams
from phoenix.core import texts
from phoenix.core.errors import PhoenixError

STANDARD_INPUT = "-"


def read_text(streams: Streams, path: str) -> str:
    """Return the text of a file, or of standard input for `-`; of one longer than any config is, the beginning.

    Raises:
        InputFileNotFoundError: it is not there.
        InputFileDeniedError: this user may not read it.
        InputFileUnreadableError: it is a folder, or not UTF-8 text, or reading failed.
    """
    try:
        return streams.stdin.read(texts.MAX_TEXT_BYTES) if path == STANDARD_INPUT else texts.read_text(Path(path))
    except OSError as error:
        raise input_error(path, error) from error
    except UnicodeDecodeError as error:
        raise InputFileUnreadableError(f"{path}: not UTF-8 text (byte {error.start})", path=path) from error


def check_input(path: Path) -> None:
    """Raise what `read_text` would raise if the file cannot be opened; for readers that open it themselves."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise input_error(str(path), error) from error


def input_error(path: str, error: OSError) -> PhoenixError:
    """Return the error that tells why a file cannot be read."""
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return InputFileNotFoundError(f"{path}: there is no such file", path=path)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return InputFileDeniedError(f"{path}: permission denied", path=path)
    if error.errno == errno.EISDIR:
        return InputFileUnreadableError(f"{path}: is a folder", path=path)
    return InputFileUnreadableError(f"{path}: {error.strerror}", path=path)


def output_error(path: str, error: OSError) -> PhoenixError:
    """Return the error that tells why a file cannot be written."""
    reason = f"{path}: cannot be written: {error.strerror}"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputDeniedError(reason, path=path)
    if error.errno in {errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
        return OutputExistsError(reason, path=path)
    return OutputUnavailableError(reason, path=path)


@contextmanager
def output_file(path: Path) -> Iterator[Path]:
    """Give a new name beside `path` to write to; afterwards it is `path`, or, if the body failed, it is gone.

    A device or a pipe (/dev/stdout) is given as it is, since it cannot be replaced.

    Raises:
        OutputExistsError: a folder is there.
        OutputDeniedError: this user may not write there.
        OutputUnavailableError: the folder is missing, the disk is full.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            yield path
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise output_error(str(path), error) from error
    fresh = Path(name)
    try:
        yield fresh
        _finish(fresh, path)
    except OSError as error:
        raise output_error(str(path), error) from error
    finally:
        fresh.unlink(missing_ok=True)


def _finish(fresh: Path, path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    # mkstemp makes files private; an output is as readable as any file the user makes, or as the one it replaces.
    fresh.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
    fresh.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a whole file; raises what `output_file` raises."""
    with output_file(path) as fresh:
        fresh.write_text(text, encoding="utf-8")
