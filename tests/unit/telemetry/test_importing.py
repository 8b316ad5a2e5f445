import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.errors import CaptureDeniedError, CaptureNotFoundError, TelemetryInvalidError
from phoenix.telemetry.importing import MAX_FRAME_BYTES, import_capture, read_requests
from phoenix.telemetry.jsonlines import write_lines


@pytest.fixture
def requests():
    return encode(scrapes([0, 10, 20], processes=3))


def written(tmp_path, content):
    path = tmp_path / "input"
    path.write_bytes(content)
    return path


def framed(requests):
    return b"".join(len(request).to_bytes(4, "big") + request for request in requests)


def test_json_lines_are_recognised(requests, tmp_path):
    path = written(tmp_path, b"\n" + b"".join(write_lines(decode(requests))))
    assert list(read_requests(path)) == requests


def test_one_protobuf_request_is_recognised(requests, tmp_path):
    assert list(read_requests(written(tmp_path, requests[0]))) == requests[:1]


def test_protobuf_frames_are_recognised(requests, tmp_path):
    path = written(tmp_path, framed([*requests, b""]))
    assert list(read_requests(path)) == [*requests, b""]


def test_an_imported_capture_says_where_it_came_from(requests, tmp_path):
    capture = import_capture(written(tmp_path, framed(requests)))
    assert encode(capture) == requests
    assert capture.origin.notes == {"imported_from": "input"}
    assert capture.batches.tolist() == [0, 0, 0]


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(TelemetryInvalidError, match="input is empty"):
        import_capture(written(tmp_path, b""))


@pytest.mark.parametrize(("magic", "name"), [(b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")])
def test_a_compressed_file_is_named(tmp_path, magic, name):
    with pytest.raises(TelemetryInvalidError, match=f"compressed with {name}") as caught:
        import_capture(written(tmp_path, magic + b"rest"))
    assert name in caught.value.user_action


@pytest.mark.parametrize("garbage", [b"not telemetry at all", b"\x89PNG\r\n\x1a\n", b"\xff" * 9, b"PAR1"])
def test_garbage_is_refused(tmp_path, garbage):
    with pytest.raises(TelemetryInvalidError, match="neither JSON lines nor a protobuf request nor frames"):
        import_capture(written(tmp_path, garbage))


def test_protobuf_garbage_is_refused_by_byte(tmp_path):
    with pytest.raises(TelemetryInvalidError, match="request 0 is not well-formed OTLP metrics at byte 1 of 9"):
        import_capture(written(tmp_path, b"\x0a" + b"\xff" * 8))


def test_a_protobuf_request_cut_short_is_refused(requests, tmp_path):
    with pytest.raises(TelemetryInvalidError, match="request 0 is not well-formed"):
        import_capture(written(tmp_path, requests[0][:-3]))


def test_frames_cut_short_are_named(requests, tmp_path):
    with pytest.raises(TelemetryInvalidError, match="cut short: frame 2 at byte"):
        import_capture(written(tmp_path, framed(requests)[:-3]))
    with pytest.raises(TelemetryInvalidError, match=r"no frame at byte \d+ \(frame 3\)"):
        import_capture(written(tmp_path, framed(requests) + b"\x00\x00"))


def test_a_frame_longer_than_any_request_is_refused_unread(requests, tmp_path):
    path = written(tmp_path, framed(requests) + (MAX_FRAME_BYTES + 1).to_bytes(4, "big"))
    with pytest.raises(TelemetryInvalidError, match=r"\(frame 3\)"):
        import_capture(path)


def test_a_bad_line_is_named(requests, tmp_path):
    path = written(tmp_path, b"".join(write_lines(decode(requests))) + b'{"resourceMetrics":[')
    with pytest.raises(TelemetryInvalidError, match="line 4 is not JSON"):
        import_capture(path)


def test_the_limit_of_a_line_is_passed_on(requests, tmp_path):
    path = written(tmp_path, b"".join(write_lines(decode(requests))))
    with pytest.raises(TelemetryInvalidError, match="line 1 is longer than 10 bytes"):
        import_capture(path, max_line_bytes=10)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(CaptureNotFoundError, match="there is no file"):
        import_capture(tmp_path / "none")
    with pytest.raises(CaptureDeniedError, match="cannot read"):
        import_capture(tmp_path)
