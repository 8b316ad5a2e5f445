import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, serialized

from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.masking import MASK, mask_argument, mask_command_line, mask_command_lines
from phoenix.telemetry.values import distinct, read_resource
from phoenix.telemetry.values.message import length_field


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("/usr/bin/postgres -D /var/lib/pg", "/usr/bin/postgres -D ***"),
        ("app --password=secret --verbose", "app --password=*** --verbose"),
        ("app --password secret", "app --password ***"),
        ("mysql -psecret", "mysql -p***"),
        ("java -Dkey=secret -Xmx512m -jar app.jar", "java -Dkey=*** -X*** -j*** ***"),
        ("env TOKEN=secret app", "env *** ***"),
        ("app --url:secret", "app ***"),
        ("app --=secret -=secret", "app *** ***"),
        ("app - -- x", "app - -- ***"),
        ("nginx: worker process", "nginx: *** ***"),
        ("app  two   spaces", "app  ***   ***"),
        ("-bash", "-bash"),
        ("  app x ", "app ***"),
        ("", ""),
    ],
)
def test_executables_and_names_of_flags_stay(line, masked):
    assert mask_command_line(line) == masked


@given(st.text())
def test_masking_twice_changes_nothing_more(line):
    once = mask_command_line(line)
    assert mask_command_line(once) == once


@given(st.lists(st.from_regex(r"[A-Za-z0-9+/=.:@]{6,}", fullmatch=True), min_size=1, max_size=4))
def test_no_plain_argument_survives(arguments):
    masked = mask_command_line("app " + " ".join(arguments))
    assert masked == "app" + f" {MASK}" * len(arguments)


@given(st.from_regex(r"--?[a-z]+=[^\s]*", fullmatch=True))
def test_no_value_attached_to_a_name_survives(argument):
    name, _, _ = argument.partition("=")
    assert mask_argument(argument) == f"{name}={MASK}"


def process(request, **said):
    resource = request.resource_metrics.add().resource
    for key, value in said.items():
        pair = resource.attributes.add(key=f"process.{key}")
        if isinstance(value, list):
            pair.value.array_value.values.extend([])
            for item in value:
                pair.value.array_value.values.add(string_value=item)
        elif isinstance(value, int):
            pair.value.int_value = value
        else:
            pair.value.string_value = value
    return resource


def masked_attributes(**said):
    request = ExportMetricsServiceRequest()
    process(request, **said)
    capture = mask_command_lines(decode([canonical(request)]))
    return dict(distinct(capture.resources.values, read_resource)[0].attributes)


def test_command_lines_and_arguments_are_masked_and_nothing_else():
    assert masked_attributes(
        pid=4, command="app", command_line="app --a=1 b", command_args=["app", "--a=1 2", "b"], owner="root"
    ) == {
        "process.pid": 4,
        "process.command": "app",
        "process.command_line": "app --a=*** ***",
        "process.command_args": ["app", "--a=***", "***"],
        "process.owner": "root",
    }


def test_what_is_no_text_under_these_keys_is_masked_whole():
    assert masked_attributes(command_line=5) == {"process.command_line": MASK}
    assert masked_attributes(command_line=["app", "secret"]) == {"process.command_line": ["app", MASK]}


def test_an_argument_that_is_no_text_is_masked():
    request = ExportMetricsServiceRequest()
    pair = request.resource_metrics.add().resource.attributes.add(key="process.command_args")
    pair.value.array_value.values.add(string_value="app")
    pair.value.array_value.values.add(int_value=5)
    capture = mask_command_lines(decode([canonical(request)]))
    assert read_resource(capture.resources.values[0].as_py()).attributes == {"process.command_args": ["app", MASK]}


def test_resources_that_become_equal_stay_nodes_and_share_a_value():
    request = ExportMetricsServiceRequest()
    process(request, command_line="app a")
    process(request, command_line="app b")
    capture = mask_command_lines(decode([canonical(request)]))
    assert (len(capture.resources), len(capture.resources.values)) == (2, 1)
    assert capture.origin.masked


def test_text_that_is_no_utf8_is_masked_and_the_rest_of_it_kept():
    pair = length_field(1, b"process.command_line") + length_field(2, length_field(1, b"/opt/caf\xe9 s\xe9cret"))
    written = length_field(1, length_field(1, length_field(1, pair)))
    (masked,) = encode(mask_command_lines(decode([written])))
    assert b"/opt/caf\xe9 ***" in masked


@given(serialized())
@settings(max_examples=30)
def test_what_has_no_command_line_is_not_touched(requests):
    assert encode(mask_command_lines(decode(requests))) == requests
