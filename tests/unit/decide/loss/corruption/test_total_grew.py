"""When an additive metric adds up to more than it did, and how exact that is."""

from tests.support.loss.records import DISK_IO, MEMORY, NOON, SECOND, UTILIZATION, Form, Record, capture_of, process

from phoenix.decide.loss.assess import assess_loss

WEB = process(1, "web")


def series(*values, form=MEMORY, start=NOON - SECOND, **attributes):
    return [
        Record(form, value, NOON + number * 5 * SECOND, start, attributes, WEB) for number, value in enumerate(values)
    ]


def grown(before, after):
    found = assess_loss(capture_of(before), capture_of(after), changed_metrics={MEMORY.name}).corrupted
    return [one for one in found if one.kind.value == "total_grew"]


def test_integers_are_compared_to_the_last_one():
    huge = 2**61
    assert not grown(series(huge, huge, huge, huge, huge), series(huge, huge, huge, huge, huge))
    (found,) = grown(series(huge, huge, huge, huge, huge), series(huge, huge, huge, huge, huge + 1))
    assert found.example == (
        "process.memory.usage adds up to 11,529,215,046,068,469,760 in the input and to 11,529,215,046,068,469,761 in "
        "the output"
    )


def test_what_rounding_explains_is_no_growth():
    assert not grown(series(0.1, 0.2), series(0.3, 5e-17))
    assert grown(series(0.1, 0.2), series(0.3, 1e-14))


def test_adding_negative_values_up_is_no_growth():
    balance = Form("balance", monotonic=False)
    before = [*series(5, form=balance, side="in"), *series(-4, form=balance, side="out")]
    assert not grown(before, series(1, form=balance))
    assert not grown(before, before[:1])


def test_a_gauge_has_no_total():
    assert not grown(series(0.5, form=UTILIZATION), series(0.5, 9.0, form=UTILIZATION))


def test_a_counter_that_began_after_the_first_point_counts_whole_on_both_sides():
    young = series(100, 110, form=DISK_IO, start=NOON + 1)
    old = series(5, 6, form=DISK_IO, start=NOON - SECOND, direction="read")
    assert not grown([*old, *young], [*old, *young])


def test_a_counter_that_falls_in_the_input_is_not_judged():
    """A clock was set back: in the order of time, the later values come first."""
    before = series(60, 70, 10, 20, form=DISK_IO)
    assert not grown(before, series(50, form=Form("process.disk.io", temporality=1), by="group"))


def test_a_running_total_taken_for_an_increase_grows():
    counter = series(100, 110, 130, form=DISK_IO)
    wrong = series(100, 110, 130, form=Form("process.disk.io", temporality=1), by="mistake")
    (found,) = grown(counter, wrong)
    assert "30 in the input and to 340 in the output" in found.example
