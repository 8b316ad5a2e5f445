"""Reading requests from files that others wrote: JSON lines, one protobuf message, or protobuf frames.

`capture import` calls it. The forms are those of the collector's file exporter (`format: json` and `format: proto`) and
of a request body saved as it came.
"""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from phoenix.telemetry.capture import Capture, Origin
from phoenix.telemetry.codec import decode
from phoenix.telemetry.errors import (
    CaptureDeniedError,
    CaptureNotFoundError,
    TelemetryInvalidError,
    TelemetryTooLargeError,
)
from phoenix.telemetry.jsonlines import MAX_LINE_BYTES, read_lines

# A frame longer than this is not one: the length of a request that was never sent.
MAX_FRAME_BYTES = 256 * 1024 * 1024
# One every five seconds for two months. Without a limit a file of zeros, each four an empty frame, takes all memory.
MAX_REQUESTS = 1_000_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_LENGTH_BYTES = 4
_REQUEST_TAG = 0x0A


def import_capture(path: str | PathLike[str], *, max_line_bytes: int = MAX_LINE_BYTES) -> Capture:
    """Return the capture of the requests in a file, in their order; nothing is known of when they were received.

    Raises:
        CaptureNotFoundError: there is no such file.
        CaptureDeniedError: it may not be read.
        TelemetryInvalidError: it is empty, cut short, compressed or none of the forms; names the line or byte.
        TelemetryTooLargeError: it holds more requests than a recording does.
    """
    requests: list[bytes] = []
    for request in read_requests(path, max_line_bytes=max_line_bytes):
        if len(requests) == MAX_REQUESTS:
            raise TelemetryTooLargeError(f"{path} holds more than {MAX_REQUESTS:,} requests")
        requests.append(request)
    return decode(requests, origin=Origin(notes={"imported_from": Path(path).name}))


def read_requests(path: str | PathLike[str], *, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """Yield the serialized requests in a file.

    Args:
        path: JSON lines, one protobuf message, or frames: each a length of four bytes, big endian, and a message.
        max_line_bytes: refuse a longer line of JSON without reading it.

    Raises:
        CaptureNotFoundError: there is no such file.
        CaptureDeniedError: it may not be read.
        TelemetryInvalidError: it is empty, cut short, compressed or none of the forms; names the line or byte.
    """
    try:
        with Path(path).open("rb") as stream:
            yield from _requests(stream, Path(path), max_line_bytes)
    except FileNotFoundError as error:
        raise CaptureNotFoundError(f"there is no file {path}", user_action="Check the path.") from error
    except (PermissionError, IsADirectoryError) as error:
        raise CaptureDeniedError(f"cannot read {path}: {error.strerror}") from error


def _requests(stream: BinaryIO, path: Path, max_line_bytes: int) -> Iterator[bytes]:
    head = stream.read(64)
    stream.seek(0)
    if not head:
        raise TelemetryInvalidError(f"{path} is empty")
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            raise TelemetryInvalidError(f"{path} is compressed with {name}", user_action=f"Decompress it ({name} -d).")
    if head.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"{":
        yield from read_lines(stream, max_line_bytes=max_line_bytes)
    elif head[0] == _REQUEST_TAG:
        yield _whole(stream, path)
    elif any(head) and int.from_bytes(head[:_LENGTH_BYTES], "big") <= MAX_FRAME_BYTES:
        yield from _frames(stream, path)
    else:
        raise TelemetryInvalidError(f"{path} is neither JSON lines nor a protobuf request nor frames of requests")


def _whole(stream: BinaryIO, path: Path) -> bytes:
    message = stream.read(MAX_FRAME_BYTES + 1)
    if len(message) > MAX_FRAME_BYTES:
        limit = f"{MAX_FRAME_BYTES >> 20} MiB"
        raise TelemetryInvalidError(f"{path} begins like a protobuf request, and none is longer than {limit}")
    return message


def _frames(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    frame = 0
    while length := stream.read(_LENGTH_BYTES):
        at = stream.tell() - len(length)
        size = int.from_bytes(length, "big")
        if len(length) < _LENGTH_BYTES or size > MAX_FRAME_BYTES:
            raise TelemetryInvalidError(f"{path} holds no frame at byte {at} (frame {frame})", frame=frame, offset=at)
        message = stream.read(size)
        if len(message) < size:
            raise TelemetryInvalidError(
                f"{path} is cut short: frame {frame} at byte {at} has {len(message)} of {size} bytes",
                frame=frame,
                offset=at,
            )
        yield message
        frame += 1
