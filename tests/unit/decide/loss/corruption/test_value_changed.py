"""When a series that stayed says something else."""

import pytest
from tests.support.loss.records import (
    MEMORY,
    NOON,
    SECOND,
    UTILIZATION,
    Form,
    Record,
    capture_of,
    process,
    scrape_times,
)

from phoenix.decide.loss.assess import assess_loss

WEB = process(1, "web")
HISTOGRAM = Form("latency", type="histogram")


def gauge(*values, form=UTILIZATION):
    return [
        Record(form, value, time, NOON, {}, WEB) for value, time in zip(values, scrape_times(len(values)), strict=True)
    ]


def changes(before, after, **declared):
    found = assess_loss(capture_of(before), capture_of(after), **declared).corrupted
    return [one for one in found if one.kind.value == "value_changed"]


def test_another_value_at_the_same_time_is_found_with_both_values():
    (found,) = changes(gauge(0.5, 0.25), gauge(0.5, 0.75))
    assert found.count == 1
    assert found.example == (
        "at 22:13:25 the value of process.cpu.utilization of web (pid 1) on host a: 0.25 became 0.75"
    )


def test_a_change_that_the_config_declares_is_no_damage():
    assert not changes(gauge(0.5), gauge(50.0), changed_metrics={UTILIZATION.name})


@pytest.mark.parametrize(
    ("before", "after"),
    [((7,), (7.0,)), ((0.0,), (-0.0,)), ((2**60,), (2**60,)), ((None,), (None,)), ((float("nan"),), (float("nan"),))],
    ids=["integer as double", "signs of zero", "large integers", "no value", "not a number"],
)
def test_equal_values_are_equal_however_they_are_written(before, after):
    assert not changes(gauge(*before), gauge(*after))


def test_large_integers_that_one_double_stands_for_are_told_apart():
    assert changes(gauge(2**60), gauge(2**60 + 1))


def test_a_value_that_became_none_has_no_number_to_show():
    (found,) = changes(gauge(0.5), gauge(None))
    assert found.example.endswith(": it changed")


def test_points_at_another_time_are_not_compared():
    assert not changes(gauge(0.5), [record.but(time=record.time + SECOND, value=9.0) for record in gauge(0.5)])


def test_a_duplicate_with_another_value_is_a_duplicate_and_no_change():
    records = gauge(0.5)
    assert not changes(records, [*records, records[0].but(value=0.75)])


def test_of_two_values_at_one_time_one_may_go_but_none_may_change():
    twice = [*gauge(0.5), *gauge(0.75)]
    assert not changes(twice, gauge(0.75))
    assert changes(twice, gauge(0.9))


def test_a_series_that_became_delta_is_not_compared():
    counter = gauge(5, 6, form=Form("process.disk.io"))
    delta = gauge(1, 1, form=Form("process.disk.io", temporality=1))
    loss = assess_loss(capture_of(counter), capture_of(delta))
    assert loss.reidentified == 1
    assert not loss.corrupted


def test_a_stripped_attribute_does_not_hide_a_changed_value():
    after = [record.without("process.command_line").but(value=6) for record in gauge(5, form=MEMORY)]
    (found,) = changes(gauge(5, form=MEMORY), after)
    assert "5 became 6" in found.example


def test_histograms_are_compared_by_their_buckets():
    calm = Record(HISTOGRAM, 0, NOON, NOON - SECOND, {}, WEB, counts=(1, 2))
    (found,) = changes([calm], [calm.but(counts=(2, 1))])
    assert found.example.endswith(": it changed")
    assert not changes([calm], [calm])
