import pytest

from phoenix.collector.catalogue.parameters import reading
from phoenix.core.units import DurationError
from phoenix.telemetry.processes import ProcessPattern


@pytest.mark.parametrize(("given", "seconds"), [("60s", 60.0), (" 5m ", 300.0), (15, 15.0), (0.5, 0.5)])
def test_reads_a_duration(given, seconds):
    assert reading.duration(given) == seconds


def test_refuses_a_duration_without_a_unit():
    with pytest.raises(DurationError):
        reading.duration("60")


@pytest.mark.parametrize(("given", "value"), [("true", True), ("No", False), (True, True), ("off", False)])
def test_reads_a_truth_value(given, value):
    assert reading.boolean(given) is value


@pytest.mark.parametrize(
    ("given", "count"), [("256MiB", 268435456), ("1kB", 1000), ("77", 77), (12, 12), ("1.5GiB", 1610612736)]
)
def test_reads_a_size(given, count):
    assert reading.size(given) == count


@pytest.mark.parametrize("given", ["12XB", "MiB", "-3", ""])
def test_refuses_what_is_no_size(given):
    with pytest.raises(ValueError):
        reading.size(given)


@pytest.mark.parametrize("given", [True, None, "nan", "inf", [1]])
def test_refuses_what_is_no_finite_number(given):
    with pytest.raises(ValueError):
        reading.number(given)


def test_refuses_a_whole_number_with_a_fraction():
    with pytest.raises(ValueError):
        reading.integer(1.5)


def test_a_comma_inside_brackets_parts_nothing():
    assert reading.names("a, w-[0-9]{1,3}, (x,y), a") == ("a", "w-[0-9]{1,3}", "(x,y)")


def test_reads_patterns_from_a_list_of_both_kinds():
    nginx = ProcessPattern.parse("nginx")
    assert reading.patterns([nginx, "kube.*"]) == (nginx, ProcessPattern.parse("kube.*"))
