import pytest
from tests.support import promises

PRIORITY = "process-priority-filter-v1"
LOW = ("sh", "helper", "kworker/0:1")
LISTS = {"high_processes": "worker", "low_processes": "sh, helper, process.command=^$"}


def test_keeps_every_series_of_every_critical_process(run):
    result = run(PRIORITY, **LISTS)
    critical = promises.named("db", "web")
    assert promises.values(result.after, critical) == promises.values(result.before, critical)


def test_drops_low_processes_and_nothing_else(run):
    result = run(PRIORITY, **LISTS)
    others = promises.named("db", "web", "worker", "cron-job")
    assert promises.values(result.after, promises.anyone) == promises.values(result.before, others)


@pytest.mark.parametrize(("unmatched", "kept"), [("high", True), ("low", False)])
def test_what_no_list_names_is_kept_unless_told_otherwise(run, unmatched, kept):
    result = run(PRIORITY, unmatched=unmatched, **LISTS)
    unnamed = promises.named("cron-job")
    assert bool(promises.values(result.after, unnamed)) is kept


def test_a_name_in_two_lists_has_the_higher_priority(run):
    result = run(PRIORITY, high_processes="sh", low_processes="sh, db, helper")
    assert promises.values(result.after, promises.named("sh")) == promises.values(result.before, promises.named("sh"))
    assert promises.values(result.after, promises.named("db")) == promises.values(result.before, promises.named("db"))
    assert not promises.values(result.after, promises.named("helper"))


def test_works_with_every_list_emptied(run):
    result = run(PRIORITY, high_processes="", low_processes="")
    assert promises.series(result.after) == promises.series(result.before)
