"""What a collector refuses when it starts, because of arguments that are written out."""

from contextlib import nullcontext

import pytest
from tests.support.functions.calls import call, written
from tests.support.ottl.places import Place, accepts, read

from phoenix.ottl.errors import OttlError

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
    place, text = Place("transform flat"), f'set(datapoint.attributes["x"], {written(expression)})'
    refused = bool(accepts(harness, place, text))
    with pytest.raises(OttlError) if refused else nullcontext():
        read(place, text)
