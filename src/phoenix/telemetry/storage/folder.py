"""Captures on disk: a folder of Parquet tables and `capture.json`, through one file system interface.

`capture record`, `capture import` and the shipped reference capture write it; everything that evaluates reads it. The
format is docs/adr/0003-capture-format.md; change it only with a new `VERSION`.
"""

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import PurePosixPath

import orjson
import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

from phoenix.telemetry.capture import Capture, Origin
from phoenix.telemetry.errors import (
    CaptureCorruptError,
    CaptureDeniedError,
    CaptureExistsError,
    CaptureNotFoundError,
    CaptureUnwritableError,
    CaptureVersionError,
)
from phoenix.telemetry.invariants import verify
from phoenix.telemetry.storage.tables import from_tables, to_tables

VERSION = 1

_FORMAT = "phoenix-capture"
_MANIFEST = "capture.json"
_MAX_MANIFEST_BYTES = 16_000_000
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True, slots=True)
class _Stored:
    # What the manifest says of a table.
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Manifest:
    tables: Mapping[str, _Stored]
    origin: Origin


def save(capture: Capture, path: str | PathLike[str], *, filesystem: pa.fs.FileSystem | None = None) -> None:
    """Write a capture as a new folder; it appears whole, by a rename, or not at all.

    Args:
        capture: what to write.
        path: the folder; its parent must exist.
        filesystem: where; this machine's by default.

    Raises:
        CaptureExistsError: something is there already.
        CaptureNotFoundError: the parent folder does not exist.
        CaptureDeniedError: the parent folder may not be written.
        CaptureUnwritableError: the disk is full, or the file system failed otherwise.
    """
    files = filesystem or pa.fs.LocalFileSystem()
    target = PurePosixPath(path)
    with _errors_named(f"cannot write the capture {target}"):
        if files.get_file_info(str(target)).type is not pa.fs.FileType.NotFound:
            raise CaptureExistsError(f"{target} exists already")
        building = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        files.create_dir(str(building), recursive=False)
        try:
            _write(capture, files, building)
            files.move(str(building), str(target))
        except BaseException:
            with contextlib.suppress(OSError):
                files.delete_dir(str(building))
            raise


def load(path: str | PathLike[str], *, filesystem: pa.fs.FileSystem | None = None) -> Capture:
    """Return the capture in a folder, checked: every table whole and unaltered, every row possible.

    Args:
        path: the folder.
        filesystem: where; this machine's by default.

    Raises:
        CaptureNotFoundError: no capture is there.
        CaptureVersionError: a later version of Phoenix wrote it.
        CaptureCorruptError: a file is missing, cut short, altered, or contradicts another; names it.
        CaptureDeniedError: a file may not be read.
        CaptureUnwritableError: the file system failed otherwise.
    """
    files = filesystem or pa.fs.LocalFileSystem()
    folder = PurePosixPath(path)
    with _errors_named(f"cannot read the capture {folder}"):
        manifest = _read_manifest(files, folder)
        tables = {name: _read_table(files, folder, name, said) for name, said in manifest.tables.items()}
    try:
        capture = from_tables(tables).with_origin(manifest.origin)
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise CaptureCorruptError(f"the capture {folder} lacks a table or column: {error}") from error
    verify(capture)
    return capture


def _write(capture: Capture, files: pa.fs.FileSystem, folder: PurePosixPath) -> None:
    said: dict[str, _Stored] = {}
    for name, table in to_tables(capture).items():
        buffer = pa.BufferOutputStream()
        pq.write_table(table, buffer, compression="zstd")
        written = buffer.getvalue().to_pybytes()
        _write_file(files, folder / f"{name}.parquet", written)
        said[name] = _Stored(table.num_rows, len(written), hashlib.sha256(written).hexdigest())
    manifest = {"format": _FORMAT, "version": VERSION, "origin": capture.origin, "tables": said}
    _write_file(files, folder / _MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def _write_file(files: pa.fs.FileSystem, path: PurePosixPath, content: bytes) -> None:
    with files.open_output_stream(str(path)) as stream:
        stream.write(content)


def _read_manifest(files: pa.fs.FileSystem, folder: PurePosixPath) -> _Manifest:
    path = folder / _MANIFEST
    found = files.get_file_info(str(path))
    if found.type is not pa.fs.FileType.File:
        raise CaptureNotFoundError(f"{folder} holds no capture: there is no {_MANIFEST}")
    if found.size > _MAX_MANIFEST_BYTES:
        raise CaptureCorruptError(f"{path} does not describe a capture: it has {found.size:,} bytes")
    try:
        said = orjson.loads(memoryview(_read_file(files, path)))
        form, version = said["format"], said["version"]
        if form == _FORMAT and version == VERSION:
            return _Manifest(
                {name: _Stored(**stored) for name, stored in said["tables"].items()}, Origin(**said["origin"])
            )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise CaptureCorruptError(f"{path} does not describe a capture: {error}") from error
    if form != _FORMAT:
        raise CaptureCorruptError(f"{path} does not describe a capture: its format is {form!r}")
    raise CaptureVersionError(f"the capture {folder} has format {version}; this Phoenix reads format {VERSION}")


def _read_table(files: pa.fs.FileSystem, folder: PurePosixPath, name: str, stored: _Stored) -> pa.Table:
    path = folder / f"{name}.parquet"
    found = files.get_file_info(str(path))
    if found.type is not pa.fs.FileType.File:
        raise CaptureCorruptError(f"the capture {folder} lacks {path.name}")
    # Before it is read: it may be of any size.
    if found.size != stored.bytes:
        raise CaptureCorruptError(f"{path} has {found.size} bytes where {stored.bytes} were written")
    content = _read_file(files, path)
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise CaptureCorruptError(f"{path} was altered after it was written")
    try:
        # Not read_table: its scanner lets go of the content in a thread of its own, some time after the table is there.
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            return file.read()
    except pa.ArrowException as error:
        raise CaptureCorruptError(f"{path} is not a Parquet table: {error}") from error


def _read_file(files: pa.fs.FileSystem, path: PurePosixPath) -> pa.Buffer:
    # In Arrow's memory: a thread of Arrow's that lets go of a Python object while Python ends aborts the process.
    with files.open_input_file(str(path)) as file:
        return file.read_buffer(file.size())


@contextmanager
def _errors_named(what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise CaptureNotFoundError(f"{what}: {_reason(error)}") from error
    except OSError as error:
        if error.errno in _DENIED:
            raise CaptureDeniedError(f"{what}: {_reason(error)}") from error
        raise CaptureUnwritableError(f"{what}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    # Arrow puts words of its own around the system's: "[Errno 28] Error writing bytes to file. Detail: [errno 28] ...".
    return os.strerror(error.errno) if error.errno else str(error)
