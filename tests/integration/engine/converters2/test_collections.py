"""Converters of maps and lists give what the collector gives, over every value of a list."""

import pytest
from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.containers import LISTS, MAPS
from tests.support.functions.values import FEW, rows_of

A = Attribute("a")
CASES = {
    "Keys": [call("Keys", target=A)],
    "Values": [call("Values", target=A)],
    "SliceToMap": [
        call("SliceToMap", target=A),
        call("SliceToMap", target=A, key_path=["name"]),
        call("SliceToMap", target=A, key_path=["p", "q"], value_path=["value"]),
        call("SliceToMap", target=A, value_path=["p", "q"]),
        call("SliceToMap", target=A, key_path=[]),
        call("SliceToMap", target=A, value_path=["p", "q", "r"]),
    ],
    "Sort": [
        call("Sort", target=A),
        call("Sort", target=A, order="desc"),
        call("Sort", target=[2, A, 1]),
        call("Sort", target=call("Split", target="b,a,c", delimiter=","), order="desc"),
    ],
    "ToKeyValueString": [
        call("ToKeyValueString", target=A),
        call("ToKeyValueString", target=A, sort_output=True),
        call("ToKeyValueString", target=A, delimiter=": ", pair_delimiter=";"),
        call("ToKeyValueString", target=A, delimiter="é", pair_delimiter="b", sort_output=True),
    ],
}


@pytest.mark.parametrize("calls", CASES.values(), ids=list(CASES))
def test_collections_are_the_collectors(harness, calls):
    assert disagreements(harness, calls, rows_of([*FEW, *MAPS, *LISTS])) == []
