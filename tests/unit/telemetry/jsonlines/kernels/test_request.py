import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.otlp import canonical, requests
from tests.support.wire_forms import mutated, respelled

from phoenix.telemetry.codec import decode
from phoenix.telemetry.diff import same_tree
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.jsonlines import write_lines
from phoenix.telemetry.jsonlines.kernels.frames import MAX_DEPTH
from phoenix.telemetry.jsonlines.lines import _request
from phoenix.telemetry.jsonlines.usual import UsualReader

randoms = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
def usual():
    return UsualReader()


def general(line):
    try:
        return _request(line, 1)
    except TelemetryInvalidError:
        return "an error"


def names_of(said):
    if isinstance(said, dict):
        return {*said, *(name for value in said.values() for name in names_of(value))}
    return {name for item in said for name in names_of(item)} if isinstance(said, list) else set()


@given(requests, randoms)
@settings(max_examples=150)
def test_whatever_it_reads_the_general_reader_reads_too(usual, request_, random):
    (line,) = write_lines(decode([canonical(request_)]))
    said = orjson.loads(line)
    line = respelled(said, random, frozenset(names_of(said)))
    assert usual.read(line) in (None, general(line))


@given(requests, randoms)
@settings(max_examples=150)
def test_it_accepts_nothing_that_is_malformed(usual, request_, random):
    (line,) = write_lines(decode([canonical(request_)]))
    line = mutated(line.removesuffix(b"\n"), random).replace(b"\n", b" ")
    assert usual.read(line) in (None, general(line))


def point(**said):
    metric = {"name": "m", "sum": {"dataPoints": [{}, said], "aggregationTemporality": 2, "isMonotonic": True}}
    resource = {"attributes": [{"key": "process.pid", "value": {"intValue": "7"}}, {"key": "empty", "value": {}}]}
    return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": [metric]}], "schemaUrl": "u"}]}


ATTRIBUTES = [
    {"key": "path", "value": {"stringValue": 'größe \U0001f600 " \\ / \n\t\r\b\f \x00' + "long " * 100}},
    {"key": "", "value": {"stringValue": ""}},
    {"key": "a", "value": {"intValue": "-9"}},
    {"key": "b", "value": {"boolValue": False}},
    {"key": "c", "value": {"doubleValue": -1.5}},
    {"key": "d", "value": {"arrayValue": {"values": [{"stringValue": "x"}, {}]}}},
    {"key": "e", "value": {"kvlistValue": {"values": [{"key": "f", "value": {"boolValue": True}}]}}},
    {"key": "g"},
]
HISTOGRAM = {
    "timeUnixNano": "1700000000000000000",
    "count": "3",
    "sum": 1.5,
    "bucketCounts": ["1", "2", "0"],
    "explicitBounds": [0.5, 1],
    "exemplars": [{"asInt": "7", "timeUnixNano": "4", "filteredAttributes": ATTRIBUTES}],
    "min": 0.0,
}
EXPONENTIAL = {"scale": -3, "positive": {"offset": -2, "bucketCounts": ["1", "300"]}, "zeroCount": 4, "flags": 1}
SUMMARY = {"count": "1", "quantileValues": [{"quantile": 0.5, "value": 2}, {}]}


def metric(name, points):
    return {"resourceMetrics": [{"scopeMetrics": [{"scope": {"name": "s"}, "metrics": [{name: points}]}]}]}


USUAL = [
    {},
    {"resourceMetrics": []},
    {"resourceMetrics": None},
    point(),
    point(asInt="12", attributes=ATTRIBUTES, timeUnixNano="1700000000000000000", startTimeUnixNano=5, flags=1),
    point(asInt=0),
    point(asInt="-9100000000000000000"),
    point(asDouble=0),
    point(asDouble=-0.0),
    point(asDouble=0.1234567890123456),
    point(asDouble=1e300 / 1e60),
    point(asDouble="NaN", attributes=None, exemplars=[]),
    point(asDouble="-Infinity"),
    point(asDouble="Infinity"),
    point(attributes=[{"key": "k" * size, "value": {"stringValue": "v" * size}} for size in (0, 127, 128, 20_000)]),
    metric("histogram", {"dataPoints": [HISTOGRAM, HISTOGRAM], "aggregationTemporality": 1}),
    metric("exponentialHistogram", {"dataPoints": [EXPONENTIAL]}),
    metric("summary", {"dataPoints": [SUMMARY]}),
    {"resourceMetrics": [{"resource": {"entityRefs": [{"type": "t", "idKeys": ["a", ""], "schemaUrl": ""}]}}]},
]


@pytest.mark.parametrize("said", USUAL)
def test_usual_lines_are_read(usual, said):
    line = orjson.dumps(said)
    assert usual.read(line) == usual.read(line + b"\n") == general(line)
    spaced = orjson.dumps(said, option=orjson.OPT_INDENT_2).replace(b"\n", b"\t\r ")
    assert usual.read(spaced) == general(line)


@given(requests, randoms)
@settings(max_examples=60)
def test_a_usual_line_and_protobuf_fill_the_same_columns(usual, request_, random):
    written = canonical(request_)
    (line,) = write_lines(decode([written]))
    # JSON knows one NaN; that of another sign or payload comes back as the one.
    assume(b'"NaN"' not in line)
    read = usual.read(respelled(orjson.loads(line), random))
    if read is not None:
        assert same_tree(decode([read]), decode([written]))


UNUSUAL = [
    b"[]",
    b"1",
    b'{"resourceSpans":[]}',
    b'{"resourceMetrics":[]} {}',
    b'{"resourceMetrics":[],}',
    b'{"resourceMetrics":[{},]}',
    b'{"resourceMetrics":[{} {}]}',
    b'{"resourceMetrics":[{}',
    b'{"resourceMetrics":{}}',
    b'{"resourceMetrics":[[]]}',
    b'{"resourceMetrics":[null]}',
    b'{"resourceMetrics":[nul]}',
    b'{"resourceMetrics" []}',
    b'{"resourceMetrics',
    b"{resourceMetrics:[]}",
    b'{"":[]}',
    b'{"resourceMetrics":[],"resourceMetrics":[{}]}',
    b'{"resourceMetrics":[],"resource_metrics":[{}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\xff"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\ud800"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\udc00"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\ud800\\u0041"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\u00g0"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\u00"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\\x"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"\t"}]}',
    b'{"resourceMetrics":[{"schemaUrl":"',
    b'{"resourceMetrics":[{"schemaUrl":"\\',
    b'{"resourceMetrics":[{"schemaUrl":1}]}',
]


@pytest.mark.parametrize("line", UNUSUAL)
def test_other_lines_are_left_to_the_general_reader(usual, line):
    assert usual.read(line) is None


@pytest.mark.parametrize(
    "said",
    [
        {"asInt": "1", "asDouble": 1.0},
        {"asInt": 1.0},
        {"asInt": "1.0"},
        {"asInt": ""},
        {"asInt": "five"},
        {"asInt": "9223372036854775807"},
        {"timeUnixNano": "-1"},
        {"timeUnixNano": True},
        {"flags": 2**32},
        {"asDouble": "1.5"},
        {"asDouble": "nan"},
        {"asDouble": 1e-300},
        {"asDouble": "123456789012345678901"},
        {"attributes": [{"key": "b", "value": {"bytesValue": "AA=="}}]},
        {"attributes": [{"key": "b", "value": {"boolValue": 1}}]},
        {"exemplars": [{"traceId": "00"}]},
        {"unknown": 1},
    ],
)
def test_points_with_unusual_fields_are_left_to_the_general_reader(usual, said):
    assert usual.read(orjson.dumps(point(**said))) is None


def test_the_name_of_an_enum_is_left_to_the_general_reader(usual):
    assert usual.read(orjson.dumps(metric("sum", {"aggregationTemporality": "2"}))) is None


def nested(levels):
    value = b'{"stringValue":"x"}'
    for _ in range(levels):
        value = b'{"arrayValue":{"values":[' + value + b"]}}"
    return b'{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":' + value + b"}]}}]}"


@pytest.mark.parametrize("levels", [5, 40, 60])
def test_values_within_values_are_read(usual, levels):
    assert usual.read(nested(levels)) == general(nested(levels))


def test_what_is_nested_very_deeply_is_left_to_the_general_reader(usual):
    assert usual.read(nested(MAX_DEPTH)) is None


def test_a_list_that_grows_too_much_is_left_to_the_general_reader(usual):
    line = orjson.dumps(metric("histogram", {"dataPoints": [{"explicitBounds": [1] * 5000}]}))
    assert UsualReader().read(line) is None


def test_a_reader_can_be_used_again_after_a_line_it_did_not_read(usual):
    line = orjson.dumps(point(asInt="5"))
    assert usual.read(line[:-3]) is None
    assert usual.read(line) == general(line)
