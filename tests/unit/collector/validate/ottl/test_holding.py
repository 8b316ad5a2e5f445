import pytest

from phoenix.collector.validate.ottl.holding import UNKNOWN, holds
from phoenix.ottl.dialect import FILTER_CONDITIONS
from phoenix.ottl.language import parse_condition
from phoenix.ottl.syntax import Context, Path


def known(path: Path) -> object:
    return {"name": "cpu", "type": 2, "is_monotonic": True}.get(path.name, UNKNOWN)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('name == "cpu"', True),
        ('name != "cpu"', False),
        ('"disk" == name', False),
        ('unit == "s"', None),
        ('name == "cpu" and unit == "s"', None),
        ('name == "disk" and unit == "s"', False),
        ('name == "cpu" or unit == "s"', True),
        ('name == "disk" or unit == "s"', None),
        ('not (name == "disk" or name == "mem")', True),
        ('not unit == "s"', None),
        ('IsMatch(name, "^c")', True),
        ('not IsMatch(name, "^d")', True),
        ('IsMatch(unit, "^d")', None),
        ("IsMatch(name, unit)", None),
        ("type == METRIC_DATA_TYPE_SUM", True),
        ("type == METRIC_DATA_TYPE_GAUGE", False),
        ("is_monotonic == true", True),
        ("is_monotonic == 1", False),
        ("type > 1", None),
        ("true", True),
        ("false or true", True),
        ('HasAttrKeyOnDatapoint("a")', None),
        ('Concat([name], "") == "cpu"', None),
    ],
)
def test_a_condition_is_decided_by_what_is_known(condition, expected):
    assert holds(parse_condition(condition, Context.METRIC, FILTER_CONDITIONS), known) is expected
