"""The naive regrouping is called corrupted in words a user understands; the same processes summed up are not."""

import pytest
from tests.support.loss.records import (
    CUMULATIVE,
    DELTA,
    NOON,
    SECOND,
    capture_of,
    process,
    process_records,
    scrape_times,
)
from tests.support.loss.regrouping import folded, regrouped

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.processes import ProcessPattern

MILLISECOND = 1_000_000
FOLD_ALL = FoldMap((FoldRule(Fate.FOLDED),))


def workers(count=12, *, apart=2 * MILLISECOND, scrapes=4, age=1):
    """Processes named nginx, read a little after each other at every scrape, each `age` seconds older than the last."""
    records = [
        record
        for number in range(count)
        for record in process_records(
            process(100 + number, "nginx"),
            [time + number * apart for time in scrape_times(scrapes)],
            born=NOON - (number * age + 1) * SECOND,
        )
    ]
    return sorted(records, key=lambda record: record.time)


def with_churn():
    """One worker ends after the second scrape, another begins after it."""
    first, second, third, fourth = scrape_times(4)
    return sorted(
        [
            *process_records(process(1, "nginx"), [first, second, third, fourth]),
            *process_records(process(9, "nginx"), [first + 1, second + 1]),
            *process_records(process(3, "nginx"), [third + 2, fourth + 2], born=second + SECOND),
        ],
        key=lambda record: record.time,
    )


def finding(loss, kind, metric):
    return next(one for one in loss.corrupted if (one.kind.value, one.metric) == (kind, metric))


def test_regrouping_without_adding_is_called_corrupted_in_plain_words():
    loss = assess_loss(capture_of(workers(apart=0)), capture_of(regrouped(workers(apart=0))))
    duplicates = finding(loss, "duplicate_identity", "process.cpu.time")
    assert duplicates.example.replace("=system", "=user") == (
        "at 22:13:20 the series process.cpu.time{state=user} of nginx on host a appears 12 times with different values"
    )
    assert duplicates.why == (
        "12 processes named nginx were put under one identity without adding their values. "
        "A backend keeps one of them at random."
    )
    assert duplicates.count == 11 * 2 * 4
    assert not loss.harmless


def test_processes_read_milliseconds_apart_are_seen_as_one_identity_too():
    loss = assess_loss(capture_of(workers()), capture_of(regrouped(workers())))
    memory = finding(loss, "duplicate_identity", "process.memory.usage")
    assert memory.count == 11 * 4
    assert "between 22:13:20 and 22:13:20.022" in memory.example
    assert {one.metric for one in loss.corrupted if one.kind.value == "duplicate_identity"} == {
        "process.cpu.time",
        "process.disk.io",
        "process.memory.usage",
    }


def test_regrouping_one_scrape_is_corrupted_though_no_series_recurs():
    loss = assess_loss(capture_of(workers(scrapes=1)), capture_of(regrouped(workers(scrapes=1))))
    assert finding(loss, "duplicate_identity", "process.memory.usage").count == 11


def test_regrouping_makes_counters_fall():
    twins = workers(age=0)
    loss = assess_loss(capture_of(twins), capture_of(regrouped(twins)))
    fell = finding(loss, "counter_fell", "process.disk.io")
    assert "the counter process.disk.io{direction=read} of nginx on host a fell from" in fell.example


@pytest.mark.parametrize("temporality", [DELTA, CUMULATIVE])
@pytest.mark.parametrize("records", [workers(), with_churn()], ids=["steady", "churn"])
def test_folding_done_right_is_not_corrupted_and_keeps_every_total(records, temporality):
    before = capture_of(records)
    after = capture_of(folded(records, temporality=temporality))
    loss = assess_loss(before, after, declared=FOLD_ALL)
    assert loss.harmless
    assert loss.folded is not None
    assert loss.folded.series_out == 4
    assert loss.folded.totals_error == 0
    assert loss.dropped is not None
    assert loss.dropped.series == 0


@pytest.mark.parametrize("temporality", [DELTA, CUMULATIVE])
def test_without_a_fold_map_folding_is_dropped_or_folded(temporality):
    loss = assess_loss(capture_of(workers()), capture_of(folded(workers(), temporality=temporality)))
    assert loss.harmless
    assert loss.dropped_or_folded is not None
    assert loss.dropped_or_folded.series == 48
    assert loss.made == 4


def test_a_group_that_lost_a_process_is_short_against_the_declaration():
    before = workers()
    after = folded([record for record in before if record.resource["process.pid"] != 100])
    loss = assess_loss(capture_of(before), capture_of(after), declared=FOLD_ALL)
    assert not loss.corrupted
    assert {missing.metric for missing in loss.undeclared_missing} == {
        "process.cpu.time",
        "process.disk.io",
        "process.memory.usage",
    }
    assert "A folded total must be kept" in loss.undeclared_missing[0].why
    assert loss.folded is not None
    assert loss.folded.metric == "process.cpu.time"
    assert loss.folded.totals_error == pytest.approx(1 / 12)


def test_a_cumulative_sum_over_a_changing_set_falls():
    """Summing counters without differences: when a process ends, its whole past leaves the sum."""
    records = with_churn()
    sums: dict[int, int] = {}
    for record in records:
        if record.form.name == "process.disk.io":
            second = record.time // SECOND * SECOND
            sums[second] = sums.get(second, 0) + record.value
    like = next(record for record in regrouped(records) if record.form.name == "process.disk.io")
    naive = [like.but(time=time, value=value) for time, value in sums.items()]
    loss = assess_loss(capture_of(records), capture_of(naive))
    assert finding(loss, "counter_fell", "process.disk.io").count == 1


def test_keeping_the_critical_whole_beside_a_group_is_safe():
    database = process_records(process(7, "postgres"), scrape_times(4))
    records = sorted([*workers(), *database], key=lambda record: record.time)
    declared = FoldMap((FoldRule(Fate.KEPT, (ProcessPattern.parse("postgres"),)), FoldRule(Fate.FOLDED)))
    loss = assess_loss(capture_of(records), capture_of([*database, *folded(workers())]), declared=declared)
    assert loss.harmless
    assert loss.folded is not None
    assert loss.folded.series_in == 48
    assert loss.folded.series_out == 4


def test_the_same_process_in_a_group_and_beside_it_is_counted_twice():
    loss = assess_loss(capture_of(workers()), capture_of([*workers(), *folded(workers())]))
    grown = finding(loss, "total_grew", "process.memory.usage")
    assert "adds up to" in grown.example
    assert "counted twice" in grown.why
