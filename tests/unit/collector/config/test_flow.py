"""A config on one line says what the same config in blocks says, to our reader and so to the collector's."""

import math

import pytest

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.flow import flow_yaml

VALUES = [
    {"a": [1, -2.5, True, None, "x"], "b": {}, "c": [], "d": {"e": {"f": ()}}},
    {"text": 'NaN .nan .inf "q" \\ größe \u2028 \u0085 \x7f \ufeff'},
    {".nan": "a key is a text", "1": 2},
    {"no JSON": [math.inf, -math.inf]},
    {"large": [1e300, 5e-324, -0.0]},
]


@pytest.mark.parametrize("value", VALUES)
def test_what_is_written_is_read_again(value):
    read = ConfigDocument.parse(flow_yaml(value)).data
    assert repr(read) == repr(value).replace("()", "[]")


def test_a_nan_is_read_as_a_number():
    read = ConfigDocument.parse(flow_yaml({"a": math.nan})).data
    assert math.isnan(read["a"])


@pytest.mark.parametrize(("key", "written"), [(None, "null"), (True, "true"), (1, "1"), (1.5, "1.5"), ("a", "a")])
def test_keys_are_texts(key, written):
    assert flow_yaml({key: 0}) == f'{{"{written}": 0}}'
