"""Our reading of OTTL and the collector's: both accept or both refuse, and of what is refused the place is right.

The texts are `accepted.txt` and `refused.txt` of tests/support/ottl.
"""

import pytest
from tests.support.ottl.places import Place, accepts, read
from tests.support.ottl.texts import accepted, refused

from phoenix.ottl.errors import OttlError, OttlNotDoneError


@pytest.mark.parametrize("case", accepted(), ids=str)
def test_what_a_collector_accepts_is_read(harness, case):
    assert accepts(harness, case.place, case.text) == ""
    read(case.place, case.text)


@pytest.mark.parametrize("case", refused(), ids=str)
def test_what_a_collector_refuses_is_refused_at_the_place_marked(harness, case):
    assert accepts(harness, case.place, case.text) != ""
    with pytest.raises(OttlError) as caught:
        read(case.place, case.text)
    assert not isinstance(caught.value, OttlNotDoneError)
    assert caught.value.offset == case.offset


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("set(exemplar.double_value, 1.0)", "the exemplar context"),
        ("set(exemplar.trace_id.string, datapoint.attributes)", "the exemplar context"),
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


@pytest.mark.parametrize("text", ["set(exemplar.time, Foo())", "set(exemplar.double_value, 1.0) where foo == 1"])
def test_an_error_goes_before_what_is_not_done(harness, text):
    assert accepts(harness, Place("transform flat"), text) != ""
    with pytest.raises(OttlError) as caught:
        read(Place("transform flat"), text)
    assert not isinstance(caught.value, OttlNotDoneError)
