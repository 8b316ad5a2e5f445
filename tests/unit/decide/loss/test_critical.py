"""Critical processes: how many there are, and how many stayed."""

from tests.support.loss.records import NOON, UTILIZATION, Record, capture_of, process, process_records, scrape_times

from phoenix.decide.loss.critical import critical_kept
from phoenix.decide.loss.observed import observe
from phoenix.decide.loss.pairing import pair
from phoenix.telemetry.processes import ProcessPattern

PATTERNS = [ProcessPattern.parse(text) for text in ("postgres", "redis.*", "process.owner=root")]


def run(pid, name, **more):
    return process_records(process(pid, name, **more), scrape_times(2))


def kept(before, after, patterns=PATTERNS):
    return critical_kept(pair(observe(capture_of(before)), observe(capture_of(after))), patterns)


def test_counts_distinct_processes_that_a_pattern_names():
    before = [*run(1, "postgres"), *run(2, "postgres"), *run(3, "redis-server"), *run(4, "cron")]
    found = kept(before, before)
    assert (found.expected, found.kept, found.whole, found.missing) == (3, 3, 3, ())


def test_names_the_processes_that_are_gone():
    found = kept([*run(1, "postgres"), *run(2, "redis-server")], run(2, "redis-server"))
    assert (found.expected, found.kept) == (2, 1)
    assert found.missing == ("postgres (pid 1) on host a",)
    assert found.as_dict()["by_pattern"] == {
        "postgres": {"expected": 1, "kept": 0},
        "redis.*": {"expected": 1, "kept": 1},
    }
    assert found.as_dict()["unmatched_patterns"] == ["process.owner=root"]


def test_a_process_that_two_patterns_name_counts_once():
    before = run(1, "postgres", **{"process.owner": "root"})
    found = kept(before, before)
    assert found.expected == 1
    assert found.by_pattern["process.owner=root"].kept == 1


def test_a_process_that_lost_a_series_is_kept_and_not_whole():
    before = run(1, "postgres")
    found = kept(before, [record for record in before if record.form.name == "process.cpu.time"])
    assert (found.kept, found.whole) == (1, 0)


def test_a_process_with_an_attribute_stripped_is_whole():
    before = run(1, "postgres")
    found = kept(before, [record.without("process.command_line") for record in before])
    assert (found.kept, found.whole) == (1, 1)


def test_the_same_pid_on_another_host_is_another_process():
    found = kept([*run(1, "postgres", host="a"), *run(1, "postgres", host="b")], run(1, "postgres", host="b"))
    assert (found.expected, found.kept) == (2, 1)


def test_a_host_that_one_side_does_not_name_is_no_difference():
    found = kept(run(1, "postgres", host=None), run(1, "postgres", host="a"))
    assert (found.kept, found.whole) == (1, 1)


def test_a_group_of_the_same_name_is_not_the_process():
    before = run(1, "postgres")
    found = kept(before, [record.without("process.pid") for record in before])
    assert found.kept == 0


def test_what_is_no_process_is_never_expected():
    load = [Record(UTILIZATION, 0.5, NOON, 0, {}, {"process.executable.name": "postgres", "host.name": "a"})]
    assert kept(load, load).expected == 0


def test_a_process_without_a_name_is_named_so():
    nameless = [Record(UTILIZATION, 0.5, NOON, 0, {}, {"process.pid": 7, "process.owner": "root"})]
    assert kept(nameless, []).missing == ("a process without a name (pid 7)",)
