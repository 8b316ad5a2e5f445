"""When a counter fell, and when it began anew."""

import pytest
from tests.support.loss.records import CPU_TIME, DISK_IO, MEMORY, NOON, SECOND, Form, Record, capture_of, process

from phoenix.decide.loss.assess import assess_loss

OLD = NOON - 100 * SECOND
WEB = process(1, "web")


def counter(*values, start=OLD, starts=None, form=DISK_IO, **more):
    starts = starts or [start] * len(values)
    return [
        Record(form, value, NOON + number * 5 * SECOND, begun, {}, WEB, **more)
        for number, (value, begun) in enumerate(zip(values, starts, strict=True))
    ]


def falls(before, after):
    found = assess_loss(capture_of(before), capture_of(after), changed_metrics={DISK_IO.name, CPU_TIME.name}).corrupted
    return [one for one in found if one.kind.value == "counter_fell"]


def test_a_fall_without_a_new_start_time_is_found_with_its_place():
    (found,) = falls(counter(1, 2, 3, 4), counter(1, 9, 3, 4))
    assert found.count == 1
    assert found.example == (
        "at 22:13:30 the counter process.disk.io of web (pid 1) on host a fell from 9 to 3 without a new start time"
    )


def test_integers_beyond_what_a_double_holds_are_compared_exactly():
    big = 2**60
    assert falls(counter(1, 2), counter(big + 1, big))


def test_doubles_and_integers_are_compared_as_numbers():
    assert falls(counter(1, 2), counter(5.5, 5))


@pytest.mark.parametrize(
    "after",
    [
        counter(5, 6, 1, starts=[OLD, OLD, NOON]),
        counter(5, 5, 6),
        counter(9, 5, 1, form=MEMORY),
        counter(9, 5, 1, form=Form("process.disk.io", temporality=1)),
        counter(9, None, 10),
        counter(9, 0, 10)[:1] + counter(9, 0, 10, flags=1)[1:2] + counter(9, 0, 10)[2:],
    ],
    ids=["restart", "standstill", "may fall", "delta", "no value", "no recorded value"],
)
def test_what_is_no_fall(after):
    assert not falls(counter(1, 2, 3), after)


@pytest.mark.parametrize(
    "before", [counter(5, 3, 9), counter(1, 2, 3, starts=[OLD, NOON, OLD])], ids=["fell", "start went back"]
)
def test_a_series_that_was_not_clean_in_the_input_is_not_judged(before):
    assert not falls(before, counter(5, 4, 3))


def test_the_deepest_fall_is_the_example():
    (found,) = falls(counter(1, 2, 3, 4), counter(9, 8, 7, 1))
    assert found.count == 3
    assert "fell from 7 to 1" in found.example
