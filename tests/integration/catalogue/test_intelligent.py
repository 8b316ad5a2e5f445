"""process-intelligent-v1: the heavy and the critical whole, low ones dropped, the totals of all others conserved."""

from collections.abc import Mapping

import pytest
from tests.support import promises
from tests.support.promises import Resource

INTELLIGENT = "process-intelligent-v1"
GIVEN = {"low_processes": "sh", "high_processes": "worker", "cpu_fraction": 0.2, "memory_bytes": "1GiB"}
FORMS = [
    {"temporality": temporality, "group_by": group_by}
    for temporality in ("cumulative", "delta")
    for group_by in ("executable", "all")
]


def not_low(resource: Mapping[str, str]) -> bool:
    return resource["process.executable.name"] != "sh"


def heavy(requests) -> dict[Resource, int]:
    """Return each process that reaches the threshold, with the first request in which it does."""
    cpu: dict[tuple[Resource, int], float] = {}
    for point in promises.points(requests):
        if point.metric == "process.cpu.utilization":
            key = (point.resource, point.request)
            cpu[key] = cpu.get(key, 0.0) + point.value
    found: dict[Resource, int] = {}
    for (resource, request), used in cpu.items():
        if used >= 0.2:
            found[resource] = min(request, found.get(resource, request))
    return found


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("clock_back_at", [None, 5])
def test_conserves_the_totals_of_everything_not_low(run, form, clock_back_at):
    result = run(INTELLIGENT, clock_back_at=clock_back_at, **GIVEN, **form)
    before, after = (promises.increases(side, not_low, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
    now_before, now_after = (promises.levels(side, not_low) for side in (result.before, result.after))
    assert promises.close(now_before, now_after)


@pytest.mark.parametrize("seed", range(4))
def test_conserves_totals_whatever_becomes_heavy_and_when(run, seed):
    result = run(INTELLIGENT, seed=seed, **(GIVEN | {"memory_bytes": "256MiB"}))
    before, after = (promises.increases(side, not_low, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_nothing_is_duplicated_and_nothing_falls(run, form):
    result = run(INTELLIGENT, **GIVEN, **form)
    assert promises.duplicates(result.after) == []
    assert promises.fallen(result.after) == []


def test_critical_processes_are_as_they_were(run):
    result = run(INTELLIGENT, **GIVEN)
    critical = promises.named("db", "web")
    assert promises.values(result.after, critical) == promises.values(result.before, critical)


def test_heavy_processes_are_whole_from_promotion_to_their_end(run):
    result = run(INTELLIGENT, **GIVEN)
    promoted = heavy(result.before)
    wanted = {
        (request, resource): count
        for request, resource, count in promises.processes(result.before, lambda resource: "process.pid" in resource)
        if dict(resource)["process.executable.name"] in ("db", "web") or request >= promoted.get(resource, 1 << 30)
    }
    kept = {
        (request, resource): count
        for request, resource, count in promises.processes(result.after, lambda resource: "process.pid" in resource)
    }
    assert promoted
    assert kept == wanted


def test_values_of_heavy_processes_are_as_they_were(run):
    result = run(INTELLIGENT, **GIVEN)

    def whole(resource) -> bool:
        return "process.pid" in resource

    after = promises.values(result.after, whole, start=False)
    assert after <= promises.values(result.before, whole, start=False)


def test_only_a_process_born_late_and_promoted_loses_its_start_time(run):
    result = run(INTELLIGENT, **GIVEN)
    promoted = heavy(result.before)
    cleared = {point.resource for point in promises.points(result.after) if not point.start}
    born = {point.resource for point in promises.points(result.before) if point.start >= result.first}
    assert cleared
    assert cleared == {
        resource
        for resource in born
        if resource in promoted and dict(resource)["process.executable.name"] not in ("db", "web", "sh")
    }


def test_low_processes_are_dropped_unless_heavy(run):
    result = run(INTELLIGENT, **GIVEN)
    promoted = heavy(result.before)
    low = {resource for _, resource, _ in promises.processes(result.after, promises.named("sh"))}
    assert low == {resource for resource in promoted if dict(resource)["process.executable.name"] == "sh"}


def test_saves_more_series_than_priority(run):
    lists = {"low_processes": "sh", "high_processes": "worker"}
    priority = promises.series(run("process-priority-filter-v1", **lists).after)
    intelligent = promises.series(run(INTELLIGENT, **GIVEN).after)
    assert len(intelligent) < len(priority)


def test_leaves_no_mark_on_anything(run):
    result = run(INTELLIGENT, **GIVEN)
    marks = [key for point in promises.points(result.after) for key, _ in (*point.resource, *point.attributes)]
    assert not [key for key in marks if "phoenix" in key]
    assert not [point for point in promises.points(result.after) if "folded" in point.metric]
