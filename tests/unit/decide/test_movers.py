"""Where a saving comes from."""

from tests.support.loss.records import NOON, UTILIZATION, Record, capture_of, process, process_records, scrape_times

from phoenix.decide.movers import NO_PROCESS, movers


def run(pid, name):
    return process_records(process(pid, name), scrape_times(2))


BEFORE = [*run(1, "postgres"), *run(2, "nginx"), *run(3, "nginx")]


def test_the_largest_saving_comes_first():
    found = movers(capture_of(BEFORE), capture_of(run(1, "postgres")))
    assert [(one.name, one.series_saved, one.points_saved) for one in found.processes] == [
        ("nginx", 8, 16),
        ("postgres", 0, 0),
    ]
    assert [(one.name, one.series_saved) for one in found.metrics] == [
        ("process.cpu.time", 4),
        ("process.disk.io", 2),
        ("process.memory.usage", 2),
    ]


def test_the_table_is_cut_at_its_limit():
    assert len(movers(capture_of(BEFORE), capture_of([]), limit=1).metrics) == 1
    assert len(movers(capture_of(BEFORE), capture_of([]), limit=None).metrics) == 3


def test_what_is_no_process_is_summed_under_one_name():
    load = [Record(UTILIZATION, 0.5, NOON, 0, {}, {"host.name": host}) for host in ("a", "b")]
    assert [one.as_dict() for one in movers(capture_of(load), capture_of([])).processes] == [
        {"name": NO_PROCESS, "series": {"before": 2, "after": 0}, "points": {"before": 2, "after": 0}}
    ]


def test_what_a_pipeline_made_counts_against_the_saving():
    found = movers(capture_of([]), capture_of(run(1, "_other"))).as_dict()
    assert found["processes"] == [
        {"name": "_other", "series": {"before": 0, "after": 4}, "points": {"before": 0, "after": 8}}
    ]
