import errno
import os
from dataclasses import replace

import numpy as np
import orjson
import pyarrow.fs as pafs
import pytest
from hypothesis import given, settings
from tests.support.machine.failing_files import failing_files
from tests.support.otlp import serialized
from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.capture import Capture, Origin
from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.diff import tree_difference
from phoenix.telemetry.errors import (
    CaptureCorruptError,
    CaptureDeniedError,
    CaptureExistsError,
    CaptureNotFoundError,
    CaptureUnwritableError,
    CaptureVersionError,
)
from phoenix.telemetry.storage import VERSION, load, save
from phoenix.telemetry.values.message import length_field

ORIGIN = Origin("h", "2026-11-24T08:00:00Z", "0.160.0", 5.0, masked=True, notes={"unreadable": "3"})


@pytest.fixture
def capture() -> Capture:
    return scrapes([0, 10], processes=4).with_origin(ORIGIN)


@given(serialized())
@settings(max_examples=15)
def test_any_capture_comes_back_whole(tmp_path_factory, requests):
    folder = tmp_path_factory.mktemp("captures") / "c"
    capture = decode(requests, received_at=range(1, len(requests) + 1))
    save(capture, folder)
    back = load(folder)
    assert tree_difference(capture, back) is None
    assert encode(back) == requests
    assert back.batches.tolist() == capture.batches.tolist()


def test_the_origin_comes_back(capture, tmp_path):
    save(capture, tmp_path / "c")
    assert load(tmp_path / "c").origin == ORIGIN


def test_loaded_arrays_cannot_be_changed(capture, tmp_path):
    save(capture, tmp_path / "c")
    with pytest.raises(ValueError, match="read-only"):
        load(tmp_path / "c").points.bits[0] = 1


def test_refuses_to_write_over_anything(capture, tmp_path):
    save(capture, tmp_path / "c")
    with pytest.raises(CaptureExistsError, match="c exists already"):
        save(capture, tmp_path / "c")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CaptureExistsError):
        save(capture, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_missing_parent_is_named(capture, tmp_path):
    with pytest.raises(CaptureNotFoundError, match="none"):
        save(capture, tmp_path / "none" / "c")


@pytest.mark.parametrize("failing", [0, 4, 10])
@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, CaptureUnwritableError),
        (errno.EIO, CaptureUnwritableError),
        (errno.EACCES, CaptureDeniedError),
        (errno.EROFS, CaptureDeniedError),
    ],
)
def test_a_failing_disk_is_named_and_leaves_nothing(capture, tmp_path, failing, number, error):
    with pytest.raises(error, match=os.strerror(number)):
        save(capture, tmp_path / "c", filesystem=failing_files(failing, number))
    assert list(tmp_path.iterdir()) == []


def test_another_file_system_holds_captures_too(capture, tmp_path):
    files = pafs.SubTreeFileSystem(str(tmp_path), pafs.LocalFileSystem())
    save(capture, "c", filesystem=files)
    assert encode(load("c", filesystem=files)) == encode(capture)


def test_what_is_no_capture_is_said(tmp_path):
    with pytest.raises(CaptureNotFoundError, match=r"there is no capture\.json"):
        load(tmp_path / "none")
    with pytest.raises(CaptureNotFoundError, match=r"there is no capture\.json"):
        load(tmp_path)


@pytest.fixture
def stored(capture, tmp_path):
    save(capture, tmp_path / "c")
    return tmp_path / "c"


def change_manifest(folder, change):
    path = folder / "capture.json"
    manifest = orjson.loads(path.read_bytes())
    change(manifest)
    path.write_bytes(orjson.dumps(manifest))


def test_a_missing_table_is_named(stored):
    (stored / "points.parquet").unlink()
    with pytest.raises(CaptureCorruptError, match=r"lacks points\.parquet"):
        load(stored)


def test_a_table_cut_short_is_named(stored):
    path = stored / "points.parquet"
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CaptureCorruptError, match=r"points\.parquet has \d+ bytes where \d+ were written"):
        load(stored)


def test_an_altered_table_is_named(stored):
    path = stored / "metrics.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CaptureCorruptError, match=r"metrics\.parquet was altered"):
        load(stored)


def test_a_later_format_is_named(stored):
    change_manifest(stored, lambda manifest: manifest.update(version=VERSION + 1))
    with pytest.raises(CaptureVersionError, match=f"has format {VERSION + 1}; this Phoenix reads format {VERSION}"):
        load(stored)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(format="another"),
        lambda manifest: manifest.pop("format"),
        lambda manifest: manifest.pop("tables"),
        lambda manifest: manifest.update(origin={"unknown": 1}),
        lambda manifest: manifest["tables"].update(points=3),
        lambda manifest: manifest["tables"].pop("points"),
    ],
)
def test_a_manifest_that_describes_no_capture_is_refused(stored, change):
    change_manifest(stored, change)
    with pytest.raises(CaptureCorruptError):
        load(stored)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null"])
def test_a_broken_manifest_is_refused(stored, text):
    (stored / "capture.json").write_bytes(text)
    with pytest.raises(CaptureCorruptError, match=r"capture\.json does not describe a capture"):
        load(stored)


def test_rows_that_are_not_possible_are_refused_when_loaded(capture, tmp_path):
    attributes = np.full(len(capture.points), 99, dtype=np.int32)
    save(replace(capture, points=replace(capture.points, attributes=attributes)), tmp_path / "c")
    with pytest.raises(CaptureCorruptError, match=r"points\.attributes of row 0"):
        load(tmp_path / "c")


def test_a_column_of_another_type_is_refused_when_loaded(capture, tmp_path):
    wide = capture.points.attributes.astype(np.int64)
    save(replace(capture, points=replace(capture.points, attributes=wide)), tmp_path / "c")
    with pytest.raises(CaptureCorruptError, match="attributes is int64"):
        load(tmp_path / "c")


def test_text_that_is_no_utf8_is_stored(tmp_path):
    written = length_field(1, length_field(3, b"caf\xe9"))
    save(decode([written]), tmp_path / "c")
    assert encode(load(tmp_path / "c")) == [written]
