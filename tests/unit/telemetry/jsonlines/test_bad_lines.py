import io

import orjson
import pytest

from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.jsonlines import read_lines


def read(text, **options):
    return list(read_lines(io.BytesIO(text), **options))


def point(**said):
    metric = {"name": "m", "gauge": {"dataPoints": [{}, said]}}
    return b"{}\n" + orjson.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}) + b"\n"


POINT = r"line 2, resourceMetrics\[0\]\.scopeMetrics\[0\]\.metrics\[0\]\.gauge\.dataPoints\[1\]"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"asInt": "five"}, r"\.asInt: 'five' is not an integer"),
        ({"asInt": 1.5}, r"\.asInt: 1.5 is not an integer"),
        ({"asInt": True}, r"\.asInt: True is not an integer"),
        ({"asInt": 2**63}, r"\.asInt: 9223372036854775808 is out of range"),
        ({"asInt": [1]}, r"\.asInt: \[1\] is not an integer"),
        ({"timeUnixNano": "-1"}, r"\.timeUnixNano: '-1' is out of range"),
        ({"flags": 2**32}, r"\.flags: 4294967296 is out of range"),
        ({"asDouble": "1_0"}, r"\.asDouble: '1_0' is not a number"),
        ({"asDouble": False}, r"\.asDouble: False is not a number"),
        ({"asDouble": "x" * 100}, r"\.asDouble: 'x{56}\.\.\. is not a number"),
        ({"asInt": 1, "asDouble": 1.0}, r": asDouble stands beside asInt, and only one value may"),
        ({"attributes": {}}, r"\.attributes: {} stands where a list should"),
        ({"attributes": [1]}, r"\.attributes\[0\]: 1 stands where an object should"),
        ({"attributes": [{"key": 1}]}, r"\.attributes\[0\]\.key: 1 is no text"),
        (
            {"attributes": [{"value": {"boolValue": 1}}]},
            r"\.attributes\[0\]\.value\.boolValue: 1 is neither true nor false",
        ),
        ({"attributes": [{"value": {"bytesValue": "?"}}]}, r"\.attributes\[0\]\.value\.bytesValue: '\?' is not base64"),
        ({"attributes": [{"value": {"bytesValue": 1}}]}, r"\.attributes\[0\]\.value\.bytesValue: 1 is not base64"),
        ({"exemplars": [{"traceId": "xyz"}]}, r"\.exemplars\[0\]\.traceId: 'xyz' is not hexadecimal"),
        ({"exemplars": [{"spanId": 5}]}, r"\.exemplars\[0\]\.spanId: 5 is not hexadecimal"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(said, words):
    with pytest.raises(TelemetryInvalidError, match=POINT + words) as caught:
        read(point(**said))
    assert caught.value.details["line"] == 2


def test_an_unknown_enum_names_what_there_is():
    metric = {"sum": {"aggregationTemporality": "SOMETIMES"}}
    text = orjson.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]})
    with pytest.raises(TelemetryInvalidError, match="'SOMETIMES' is none of AGGREGATION_TEMPORALITY_UNSPECIFIED, "):
        read(text)


def test_a_line_that_is_no_json_is_named():
    with pytest.raises(TelemetryInvalidError, match="line 2 is not JSON: ") as caught:
        read(b"{}\n{oops}\n{}\n")
    assert "cut short" not in caught.value.message


def test_a_last_line_without_its_end_may_be_cut_short():
    with pytest.raises(TelemetryInvalidError, match=r"line 2 is not JSON: .*; the file may be cut short"):
        read(b'{}\n{"resourceMetrics":[{')


@pytest.mark.parametrize("text", [b"[]", b"1", b'"text"', b'{"resourceSpans":[]}'])
def test_json_that_is_no_metrics_is_refused(text):
    with pytest.raises(TelemetryInvalidError, match="line 1 holds no OTLP metrics"):
        read(text)


def test_lines_before_a_bad_one_are_given_out():
    lines = read_lines(io.BytesIO(b"{}\n?\n"))
    assert next(lines) == b""
    with pytest.raises(TelemetryInvalidError):
        next(lines)


class Endless(io.RawIOBase):
    """A line without an end, which counts what was taken of it."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        buffer[:] = b"x" * len(buffer)
        self.taken += len(buffer)
        return len(buffer)


def test_a_line_that_never_ends_is_refused_without_being_read():
    endless = Endless()
    with pytest.raises(TelemetryInvalidError, match="line 1 is longer than 100,000 bytes"):
        list(read_lines(io.BufferedReader(endless), max_line_bytes=100_000))
    assert endless.taken < 200_000


def test_a_line_may_be_as_long_as_the_limit():
    line = b'{"resourceMetrics":[]}'
    assert read(line + b"\r\n", max_line_bytes=len(line) + 1) == [b""]
    with pytest.raises(TelemetryInvalidError, match="line 1 is longer"):
        read(line, max_line_bytes=len(line) - 1)


def test_what_is_nested_without_end_is_refused():
    value = b'{"stringValue":"x"}'
    for _ in range(250):
        value = b'{"arrayValue":{"values":[' + value + b"]}}"
    text = b'{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":' + value + b"}]}}]}"
    with pytest.raises(TelemetryInvalidError, match="line 1 is nested too deeply"):
        read(text)
