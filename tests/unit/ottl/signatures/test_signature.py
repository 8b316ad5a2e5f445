import pytest

from phoenix.ottl.dialect import DIALECTS, FILTER_METRICS, TRANSFORM_CONDITIONS, TRANSFORM_STATEMENTS
from phoenix.ottl.signatures.names import known
from phoenix.ottl.signatures.signature import camel_case


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("target", "Target"),
        ("utf8_safe", "Utf8Safe"),
        ("utf8safe", "Utf8Safe"),
        ("x_path", "XPath"),
        ("xPath", "XPath"),
        ("xpath", "Xpath"),
        ("sourceIP", "SourceIp"),
        ("source_i_p", "SourceIP"),
        ("key__path", "KeyPath"),
    ],
)
def test_a_written_name_turns_into_a_field_as_strcase_has_it(written, field):
    assert camel_case(written) == field


def test_the_standard_functions_are_those_of_the_collector():
    assert len(TRANSFORM_STATEMENTS.functions["resource"]) == 122
    assert len(TRANSFORM_STATEMENTS.functions["metric"]) == 122 + 11
    assert len(TRANSFORM_STATEMENTS.functions["datapoint"]) == 122 + 3
    assert len(FILTER_METRICS.functions["metric"]) == 107 + 2


def test_conditions_have_no_editors_but_two_that_stand_among_the_converters():
    editors = {name for name in TRANSFORM_CONDITIONS.functions["metric"] if name[0].islower()}
    assert editors == {"append", "delete_index"}


@pytest.mark.parametrize(
    "dialect", [dialect for dialects in DIALECTS.values() for dialect in dialects], ids=lambda d: d.place
)
def test_every_parameter_can_be_named(dialect):
    for functions in dialect.functions.values():
        for signature in functions.values():
            for parameter in signature.parameters:
                assert parameter.is_called(parameter.written)
                assert [one.name for one in signature.parameters].count(parameter.name) == 1


def test_names_of_libraries_are_there():
    assert {"utf-8", "iso-8859-1"} <= known("encodings")
    assert {"de-AT", "en"} <= known("locales")
    assert known("grok_patterns_with_names") < known("grok_patterns") | {"CISCOFW733100"}
