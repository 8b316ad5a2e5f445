"""Our reading of OTTL and the collector's: both accept or both refuse, and of what is refused the place is right.

`accepted.txt` and `refused.txt` list the texts under the place they stand in:

    transform flat               metric_statements, without a context
    transform grouped CONTEXT    the same with `context:`
    transform conditions CONTEXT `conditions` of a group with `context:`
    filter flat                  metric_conditions, without a context
    filter grouped CONTEXT       the same with `context:`
    filter metrics CONTEXT       `metrics:` with `resource:`, `metric:` or `datapoint:`
"""

from pathlib import Path
from typing import Any

import pytest
from tests.support.ottl.places import Place, accepts, read

from phoenix.ottl.errors import OttlError, OttlNotDoneError

MARK = "▸"
FOLDER = Path(__file__).parent


def cases(name: str) -> list[Any]:
    place, found = "", []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            place = line.removeprefix("== ")
        elif line and not line.startswith("# "):
            found.append(pytest.param(Place(place), line, id=f"{place}: {line}"))
    return found


@pytest.mark.parametrize(("place", "text"), cases("accepted.txt"))
def test_what_a_collector_accepts_is_read(harness, place, text):
    assert accepts(harness, place, text) == ""
    read(place, text)


@pytest.mark.parametrize(("place", "text"), cases("refused.txt"))
def test_what_a_collector_refuses_is_refused_at_the_place_marked(harness, place, text):
    offset = text.index(MARK)
    text = text.replace(MARK, "", 1)
    assert accepts(harness, place, text) != ""
    with pytest.raises(OttlError) as caught:
        read(place, text)
    assert not isinstance(caught.value, OttlNotDoneError)
    assert caught.value.offset == offset
    assert caught.value.user_action.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("set(exemplar.double_value, 1.0)", "the exemplar context"),
        ("set(exemplar.trace_id.string, datapoint.attributes)", "the exemplar context"),
        ('set(otelcol.client.addr, "x") where metric.name == "x"', "otelcol.client.addr"),
        ('set(resource.attributes["x"], otelcol.client.metadata["a"][0])', "otelcol.client.metadata"),
        ('delete_key(resource.attributes, otelcol.grpc.metadata["k"])', "otelcol.grpc.metadata"),
        ('set(resource.attributes["a"], Now(1, foo.bar))', "arguments of Now, which has none"),
        ("set(value=1, value=1) where resource.schema_url == nil", "the argument value given twice"),
        (
            'set(resource.attributes["a"], GetXML("<a/>", "count(/a)"))',
            'the XPath "count(/a)" is more than steps and simple tests of GetXML',
        ),
    ],
)
def test_what_only_a_collector_does_is_named_and_no_error(harness, text, feature):
    assert accepts(harness, Place("transform flat"), text) == ""
    with pytest.raises(OttlNotDoneError) as caught:
        read(Place("transform flat"), text)
    assert caught.value.details["feature"] == feature


@pytest.mark.parametrize("text", ["set(otelcol.client.addr, Foo())", "set(exemplar.double_value, 1.0) where foo == 1"])
def test_an_error_goes_before_what_is_not_done(harness, text):
    assert accepts(harness, Place("transform flat"), text) != ""
    with pytest.raises(OttlError) as caught:
        read(Place("transform flat"), text)
    assert not isinstance(caught.value, OttlNotDoneError)
