"""What a point adds to its metric's total."""

import numpy as np
import pytest
from tests.support.loss.records import (
    DELTA,
    DISK_IO,
    MEMORY,
    NOON,
    SECOND,
    UTILIZATION,
    Form,
    Record,
    capture_of,
    process,
    process_records,
    scrape_times,
)

from phoenix.decide.loss.observed import observe
from phoenix.decide.loss.totals import contributions, rounding_by, sums_by
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.measure import totals

OLD, YOUNG = NOON - 100 * SECOND, NOON + SECOND
BYTES = Form("process.disk.io", temporality=DELTA)
HISTOGRAM = Form("latency", type="histogram")


def total_of(form, *values, start=OLD, starts=None, flags=(), **more):
    records = [
        Record(form, value, time, begun, {}, process(1, "web"), **more)
        for value, time, begun in zip(values, scrape_times(len(values)), starts or [start] * len(values), strict=True)
    ]
    for place in flags:
        records[place] = records[place].but(flags=1)
    observed = observe(capture_of(records))
    (answer,) = sums_by(np.zeros(len(records), np.int32), 1, contributions(observed, first_time=NOON))
    return answer


@pytest.mark.parametrize(
    ("expected", "values", "starts"),
    [
        (30, (100, 110, 130), [OLD] * 3),
        (130, (100, 110, 130), [YOUNG] * 3),
        (0, (100,), [OLD]),
        (100, (100,), [NOON]),
        (13, (100, 110, 3, 3), [OLD, OLD, YOUNG, YOUNG]),
        (10, (100, 110, 3), [OLD, OLD, OLD]),
        (7, (10, 3, 10), [OLD] * 3),
        (0, (10, 20), [OLD, OLD + 1]),
        (20, (10, 5, 30), [OLD, OLD - 1, OLD]),
    ],
    ids=[
        "old counts its increase",
        "born counts whole",
        "one old point",
        "born at the first point",
        "a new start time is a new beginning",
        "a fall is no increase",
        "the rise after a fall is one",
        "an old counter with another start time",
        "a start time that comes back",
    ],
)
def test_a_cumulative_counter_adds_its_increases(expected, values, starts):
    assert total_of(DISK_IO, *values, starts=starts) == expected


def test_deltas_and_sums_that_may_fall_and_gauges_add_their_values():
    assert total_of(BYTES, 5, 6, start=NOON) == 11
    assert total_of(MEMORY, 5, -6) == -1
    assert total_of(UTILIZATION, 0.25, 0.5) == 0.75


def test_points_without_a_recorded_number_add_nothing():
    assert total_of(DISK_IO, 1, None, 5) == 4
    assert total_of(DISK_IO, 1, 900, 5, flags=[1]) == 4
    assert total_of(MEMORY, 1.0, float("nan"), float("inf")) == 1.0
    assert total_of(HISTOGRAM, 1, 2, counts=(1, 2)) == 0


def test_a_counter_that_turns_from_integers_to_doubles_goes_on():
    assert total_of(DISK_IO, 10, 12.5, 13) == 3.0


def test_integer_totals_are_exact_beyond_64_bits():
    assert total_of(MEMORY, *[2**62 + 1] * 6) == 6 * (2**62 + 1)
    assert total_of(MEMORY, *[-(2**62) - 1] * 6) == -6 * (2**62 + 1)


def test_double_totals_are_rounded_once():
    assert total_of(MEMORY, 1e16, 1.0, -1e16) == 1.0


def test_a_made_counter_whose_start_time_the_input_does_not_have_counts_whole():
    records = [Record(DISK_IO, 70, NOON + 5 * SECOND, NOON - 1, {}, process(1, "web"))]
    observed = observe(capture_of(records))
    made = np.ones(1, np.bool_)
    for known, expected in (((OLD,), 70), ((NOON - 1,), 0)):
        found = contributions(observed, first_time=NOON, made=made, known_starts=np.array(known, np.uint64))
        assert sums_by(np.zeros(1, np.int32), 1, found) == [expected]


def test_totals_are_by_group_and_by_choice_of_points():
    times = scrape_times(3)
    records = [Record(MEMORY, 2**place, time, OLD, {}, process(1, "web")) for place, time in enumerate(times)]
    found = contributions(observe(capture_of(records)), first_time=NOON)
    group = np.array([0, 2, 2], np.int32)
    assert sums_by(group, 3, found) == [1, 0, 6]
    assert sums_by(group, 3, found, np.array([True, True, False])) == [1, 0, 2]
    assert rounding_by(group, 3, found).tolist() == [0, 0, 0]


def test_rounding_is_allowed_for_doubles_in_proportion_to_their_size():
    records = [Record(MEMORY, 1e6, NOON, OLD, {}, process(1, "web"))]
    found = contributions(observe(capture_of(records)), first_time=NOON)
    assert 0 < rounding_by(np.zeros(1, np.int32), 1, found)[0] < 1e-8


def test_counters_total_what_the_measurement_says():
    """The rule stands twice, for one number and for any set of points; on processes' lives both agree."""
    times = scrape_times(4)
    records = [
        *process_records(process(1, "old"), times),
        *process_records(process(2, "young"), times[2:], born=times[1] + SECOND),
        *process_records(process(3, "reborn"), times[:2]),
        *process_records(process(3, "reborn"), times[2:], born=times[2] - SECOND),
    ]
    capture = capture_of(sorted(records, key=lambda record: record.time))
    observed = observe(capture)
    name = np.array([observed.metric_of(int(series)).name == "process.disk.io" for series in observed.series])
    found = contributions(observed, first_time=NOON)
    assert sums_by(np.zeros(len(name), np.int32), 1, found, name) == [
        totals(capture, index_series(capture))[DISK_IO.name]
    ]
