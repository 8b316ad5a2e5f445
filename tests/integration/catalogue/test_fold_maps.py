"""A fold map says what the collector does: the declaration and the processors are made apart and must agree."""

from collections import defaultdict

import pytest
from tests.support import promises

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.fold_map import Fate

CASES = [
    ("process-baseline-v1", {}),
    ("process-priority-filter-v1", {"low_processes": "sh, process.command=^$", "high_processes": "worker"}),
    ("process-priority-filter-v1", {"unmatched": "low", "low_processes": "", "high_processes": "worker|helper"}),
    ("process-topk-v1", {"cpu_fraction": 1, "memory_bytes": "1TiB"}),
    ("process-aggregated-v1", {}),
    ("process-adaptive-v1", {"level": 2, "high_processes": "worker"}),
    ("process-adaptive-v1", {"level": 3}),
    ("process-adaptive-v1", {"level": 4}),
    ("process-minimal-v1", {}),
    (
        "process-intelligent-v1",
        {"low_processes": "sh, worker", "high_processes": "worker", "cpu_fraction": 1, "memory_bytes": "1TiB"},
    ),
    ("process-baseline-v1", {"destination": "datadog-otlp"}),
    ("process-priority-filter-v1", {"destination": "datadog-otlp", "low_processes": "sh"}),
    ("process-aggregated-v1", {"destination": "datadog-otlp"}),
    ("process-minimal-v1", {"destination": "datadog-otlp"}),
]


def by_fate(requests, fold_map):
    """Return the points of the input by declared fate."""
    found = defaultdict(list)
    for point in promises.points(requests):
        found[fold_map.fate(dict(point.resource), point.metric)].append(point)
    return found


@pytest.mark.parametrize(("name", "given"), CASES, ids=str)
def test_what_is_declared_kept_is_whole_and_what_is_dropped_is_gone(run, name, given):
    result = run(name, **given)
    fold_map = registry.render(name, {"critical_processes": "db, web", **given}).fold_map
    fates = by_fate(result.before, fold_map)
    after = {(point.request, point.series, point.time, point.value) for point in promises.points(result.after)}
    assert all((point.request, point.series, point.time, point.value) in after for point in fates[Fate.KEPT])
    left = {series for _, series, _, _ in after}
    assert not [point for point in (*fates[Fate.DROPPED], *fates[Fate.FOLDED]) if point.series in left]


@pytest.mark.parametrize(("name", "given"), CASES, ids=str)
def test_what_is_not_declared_dropped_keeps_its_totals(run, name, given):
    result = run(name, **given)
    fold_map = registry.render(name, {"critical_processes": "db, web", **given}).fold_map

    def stays(point) -> bool:
        return fold_map.fate(dict(point.resource), point.metric) is not Fate.DROPPED

    before = promises.increases(result.before, promises.anyone, result.first, only=stays)
    assert promises.close(before, promises.increases(result.after, promises.anyone, result.first))
