"""What counts as one series twice at one time, and what does not."""

from tests.support.loss.records import MEMORY, NOON, SECOND, Record, capture_of, process, process_records, scrape_times

from phoenix.decide.loss.assess import assess_loss


def memory_at(*times, resource=None, value=7):
    return [Record(MEMORY, value, time, NOON, {}, resource or process(1, "cron")) for time in times]


def duplicates(before, after):
    found = assess_loss(capture_of(before), capture_of(after)).corrupted
    return [one for one in found if one.kind.value == "duplicate_identity"]


def test_a_point_sent_twice_is_a_duplicate_with_the_same_value():
    records = memory_at(*scrape_times(3))
    (found,) = duplicates(records, [*records, records[1]])
    assert found.count == 1
    assert "at 22:13:25" in found.example
    assert "appears 2 times with the same value" in found.example
    assert found.why.startswith("One series is sent more than once")


def test_duplicates_that_the_input_had_are_not_held_against_the_output():
    records = memory_at(*scrape_times(3))
    assert not duplicates([*records, *records], [*records, *records])


def test_one_more_than_the_input_had_is_counted():
    records = memory_at(*scrape_times(3))
    (found,) = duplicates([*records, *records], [*records, *records, records[0]])
    assert found.count == 1


def test_points_a_full_interval_apart_are_no_duplicates():
    jobs = [
        record
        for pid, time in enumerate(scrape_times(4), start=1)
        for record in memory_at(time, resource=process(pid, "job"))
    ]
    steady = memory_at(*scrape_times(4))
    merged = [record.without("process.pid", "process.command_line") for record in jobs]
    assert not duplicates([*steady, *jobs], [*steady, *merged])


def test_points_two_thirds_of_an_interval_apart_are_no_duplicates():
    records = memory_at(NOON, NOON + 6 * SECOND, NOON + 10 * SECOND, NOON + 16 * SECOND)
    assert not duplicates(memory_at(*scrape_times(4)), records)


def test_a_metric_whose_series_never_recur_takes_the_interval_of_the_others():
    steady = process_records(process(1, "nginx"), scrape_times(3))
    once = [record.but(attributes={"cpu": number}) for number, record in enumerate(memory_at(*scrape_times(3)))]
    merged = [record.but(attributes={}) for record in once]
    assert not duplicates([*steady, *once], [*steady, *merged])


def test_processes_of_two_scrapes_that_each_live_through_one_are_no_duplicates():
    jobs = [
        record
        for pid, time in enumerate(scrape_times(2), start=1)
        for record in memory_at(time, resource=process(pid, "job"))
    ]
    assert not duplicates(jobs, [record.without("process.pid", "process.command_line") for record in jobs])


def test_processes_without_a_name_are_counted_without_one():
    records = [
        Record(MEMORY, pid, time, NOON, {}, {"process.pid": pid, "host.name": "a"})
        for pid in (1, 2)
        for time in scrape_times(2)
    ]
    (found,) = duplicates(records, [record.without("process.pid") for record in records])
    assert found.why.startswith("2 processes were put under one identity")
    assert "process.memory.usage on host a appears 2 times" in found.example
