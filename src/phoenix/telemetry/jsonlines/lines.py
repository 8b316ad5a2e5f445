"""JSON lines in and out: one request a line.

`capture import` reads them, `whatif --output-otlp` writes them, and the harness compares them with what a real
collector's file exporter wrote.
"""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

import orjson
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.jsonlines.reading import JsonFieldError, write_message
from phoenix.telemetry.jsonlines.writing import request_lines

# A request of 100,000 points is about 60 MB of JSON.
MAX_LINE_BYTES = 128 * 1024 * 1024

_REQUEST = ExportMetricsServiceRequest.DESCRIPTOR
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROOT_NAMES = ("resourceMetrics", "resource_metrics")
_MINUS_ZERO = re.compile(rb"-0\s*[,}\]]")


def read_lines(stream: BinaryIO, *, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """Yield the serialized request of each line; empty lines are passed over.

    Args:
        stream: of UTF-8, with or without a byte order mark.
        max_line_bytes: a longer line is refused when that much of it has been read.

    Raises:
        TelemetryInvalidError: names the line, and the field where one is wrong.
    """
    from phoenix.telemetry.jsonlines.usual import UsualReader  # noqa: PLC0415 numba is slow to import

    usual = UsualReader()
    number = 0
    while line := stream.readline(max_line_bytes + 1):
        number += 1
        if len(line) > max_line_bytes and len(line.rstrip(b"\r\n")) > max_line_bytes:
            raise TelemetryInvalidError(
                f"line {number} is longer than {max_line_bytes:,} bytes",
                user_action="Check that each line holds one request; export smaller ones if it really does.",
                line=number,
            )
        text = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if text and not text.isspace():
            request = usual.read(text)
            yield _request(text, number) if request is None else request


def write_lines(capture: Capture) -> Iterator[bytes]:
    """Yield one line a batch, with its line feed, as the collector's file exporter writes it.

    Unknown fields are left out, and text that is no UTF-8 becomes U+FFFD, as the collector does.

    Raises:
        CaptureCorruptError: the capture contradicts itself, or a value is no OTLP message.
    """
    return request_lines(capture)


def _request(line: bytes, number: int) -> bytes:
    # The general reader: of any line it says what it means or what is wrong with it.
    try:
        said = _parsed(line)
    except orjson.JSONDecodeError as error:
        cut = "" if line.endswith(b"\n") else "; the file may be cut short"
        raise TelemetryInvalidError(f"line {number} is not JSON: {error}{cut}", line=number) from error
    # An empty object is a request that says nothing.
    if not isinstance(said, dict) or (said and not any(name in said for name in _ROOT_NAMES)):
        raise TelemetryInvalidError(f"line {number} holds no OTLP metrics: it has no resourceMetrics", line=number)
    try:
        return write_message(_REQUEST, said)
    except JsonFieldError as error:
        place = f"line {number}, {error.path}" if error.path else f"line {number}"
        raise TelemetryInvalidError(f"{place}: {error}", line=number, field=error.path) from error
    except RecursionError as error:
        raise TelemetryInvalidError(f"line {number} is nested too deeply", line=number) from error


def _parsed(line: bytes) -> object:
    said = orjson.loads(line)
    if _MINUS_ZERO.search(line):
        # The collector writes minus zero as `-0`, which orjson takes for the integer zero. The line is JSON, so the
        # slower parser accepts it too.
        return json.loads(line, parse_int=lambda text: -0.0 if text == "-0" else orjson.loads(text))
    return said
