"""What a collector refuses when it starts, because of arguments that are written out."""

import pytest
from tests.support.functions.calls import call, written
from tests.support.functions.oracle import attribute_capture, transform_config

from phoenix.collector.errors import ConfigRefusedError
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.literals import check_literals
from phoenix.engine.values.value import Map

CALLS = [
    *(call("Coalesce", values=values) for values in ([], [None], [1])),
    *(call("ConvertCase", target="a", to_case=case) for case in ("lower", "Lower", "")),
    *(call("Decode", target="a", encoding=name) for name in ("base64", "base32", "latin1", "utf-7", "")),
    *(call("ExtractPatterns", target="a", pattern=pattern) for pattern in ("(?P<a>.)", ".", "(", r"\C")),
    *(call("IsMatch", target="a", pattern=pattern) for pattern in ("", "a**", "(?P<é>a)")),
    *(call("IsInCIDR", target="a", networks=networks) for networks in ([], ["::/0"], ["::/0", "x"], ["::/129"])),
    *(call("TraceID", target=target) for target in (bytes(16), bytes(8), "0" * 32, "g" * 32, 1, None)),
    *(call("SpanID", target=target) for target in (bytes(16), bytes(8), "0" * 16, 1)),
    *(call("ProfileID", target=target) for target in (bytes(16), "")),
]


@pytest.mark.parametrize("expression", CALLS, ids=written)
def test_a_call_is_refused_as_it_is_by_the_collector(harness, expression):
    try:
        harness.evaluate(
            transform_config([f'set(datapoint.attributes["x"], {written(expression)})']), attribute_capture([Map()])
        )
        expected = True
    except ConfigRefusedError:
        expected = False
    try:
        check_literals(expression.name, expression.arguments)
        accepted = True
    except OttlRuntimeError:
        accepted = False
    assert accepted == expected
