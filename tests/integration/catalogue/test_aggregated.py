"""process-aggregated-v1: what is folded keeps its totals through births, exits, pauses and clocks set back."""

import pytest
from tests.support import promises

AGGREGATED = "process-aggregated-v1"
FORMS = [
    {"temporality": temporality, "group_by": group_by}
    for temporality in ("cumulative", "delta")
    for group_by in ("executable", "all")
]


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("clock_back_at", [None, 5])
def test_conserves_the_total_increase_of_every_counter(run, form, clock_back_at):
    result = run(AGGREGATED, clock_back_at=clock_back_at, **form)
    before, after = (promises.increases(side, promises.anyone, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
    assert before["process.disk.io", "read"] > 0


@pytest.mark.parametrize("seed", range(4))
def test_conserves_every_total_of_a_scrape(run, seed):
    result = run(AGGREGATED, seed=seed)
    before, after = (promises.levels(side, promises.anyone) for side in (result.before, result.after))
    assert promises.close(before, after)


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("clock_back_at", [None, 5])
def test_never_gives_one_series_two_points_at_a_time(run, form, clock_back_at):
    result = run(AGGREGATED, seed=2, clock_back_at=clock_back_at, **form)
    assert promises.duplicates(result.after) == []


@pytest.mark.parametrize("clock_back_at", [None, 5])
def test_a_cumulative_group_never_falls(run, clock_back_at):
    result = run(AGGREGATED, clock_back_at=clock_back_at)
    assert promises.fallen(result.after) == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_critical_processes_are_as_they_were(run, form):
    result = run(AGGREGATED, **form)
    critical = promises.named("db", "web")
    assert promises.values(result.after, critical) == promises.values(result.before, critical)


def test_every_counter_of_a_group_has_the_temporality_asked_for(run):
    for temporality in ("cumulative", "delta"):
        result = run(AGGREGATED, temporality=temporality)
        groups = [
            point
            for point in promises.points(result.after)
            if point.counter and "process.pid" not in dict(point.resource)
        ]
        assert groups
        assert {point.delta for point in groups} == {temporality == "delta"}


def test_differences_of_a_group_leave_no_gap_between_them(run):
    result = run(AGGREGATED, temporality="delta", group_by="all")
    ends: dict[object, int] = {}
    for point in promises.points(result.after):
        if point.delta:
            assert point.start == ends.get(point.series, point.start)
            assert point.start < point.time
            ends[point.series] = point.time


def test_groups_are_named_by_executable_and_have_the_host_and_no_pid(run):
    result = run(AGGREGATED)
    groups = {point.resource for point in promises.points(result.after) if "process.pid" not in dict(point.resource)}
    names = {"worker", "cron-job", "helper", "sh", "_kernel"}
    assert groups == {frozenset({("host.name", "made-up"), ("process.executable.name", name)}) for name in names}


def test_one_group_for_all_is_called_other(run):
    result = run(AGGREGATED, group_by="all")
    groups = {point.resource for point in promises.points(result.after) if "process.pid" not in dict(point.resource)}
    assert groups == {frozenset({("host.name", "made-up"), ("process.executable.name", "_other")})}


def test_what_does_not_add_up_is_left_out_of_groups(run):
    result = run(AGGREGATED)
    uptimes = [point for point in promises.points(result.after) if point.metric == "process.uptime"]
    assert uptimes
    assert all("process.pid" in dict(point.resource) for point in uptimes)


def test_a_destination_that_takes_deltas_only_gets_no_cumulative_counter_and_the_same_totals(run):
    result = run(AGGREGATED, destination="datadog-otlp")
    assert all(point.delta for point in promises.points(result.after) if point.counter)
    before, after = (promises.increases(side, promises.anyone, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
