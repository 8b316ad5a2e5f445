"""What the real collector makes of templates and of the naive regrouping, judged."""

import pytest

from phoenix.collector.catalogue import registry

GROUPS = {"low_processes": "sh", "high_processes": "worker"}
HEAVY = {"cpu_fraction": 0.2, "memory_bytes": "1GiB"}
FOLDING = [
    (name, {**given, "temporality": temporality, "group_by": group_by})
    for name, given in (("process-aggregated-v1", {}), ("process-intelligent-v1", {**GROUPS, **HEAVY}))
    for temporality in ("cumulative", "delta")
    for group_by in ("executable", "all")
]
FILTERING = [
    ("process-priority-filter-v1", GROUPS),
    ("process-minimal-v1", {}),
    ("process-topk-v1", HEAVY),
]

# The form that is found in many places and sums nothing.
NAIVE = """
processors:
  resource:
    attributes:
      - {key: process.pid, action: delete}
      - {key: process.command, action: delete}
  groupbyattrs:
    keys: [process.executable.name]
service:
  pipelines:
    metrics:
      processors: [resource, groupbyattrs]
"""
STRIPPED = """
processors:
  resource:
    attributes:
      - {key: process.executable.path, action: delete}
      - {key: service.environment, action: insert, value: production}
service:
  pipelines:
    metrics:
      processors: [resource]
"""


def rendered(name, given):
    return registry.render(name, {"critical_processes": "db, web", **given})


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("name", "given"), FOLDING, ids=str)
def test_folding_templates_are_safe_and_keep_every_total(judged, name, given, seed):
    template = rendered(name, given)
    report = judged(template.text, template.fold_map, seed=seed)
    assert report.safe, report.loss
    assert report.critical.kept == report.critical.whole == report.critical.expected > 0
    assert report.loss.folded is not None
    assert report.loss.folded.series_in > report.loss.folded.series_out > 0
    assert report.loss.folded.totals_error < 1e-12


@pytest.mark.parametrize(("name", "given"), FILTERING, ids=str)
def test_filtering_templates_are_safe_and_fold_nothing(judged, name, given):
    template = rendered(name, given)
    report = judged(template.text, template.fold_map)
    assert report.safe, report.loss
    assert report.loss.made == 0
    assert report.loss.dropped is not None
    assert report.loss.dropped.series > 0


def test_the_naive_regrouping_is_corrupted_in_plain_words(judged):
    report = judged(NAIVE)
    assert not report.safe
    found = {
        corruption.metric: corruption
        for corruption in report.loss.corrupted
        if corruption.kind.value == "duplicate_identity"
    }
    assert {"process.cpu.time", "process.disk.io", "process.memory.usage"} <= found.keys()
    assert "were put under one identity without adding their values" in found["process.memory.usage"].why
    assert "process.memory.usage of " in found["process.memory.usage"].example


def test_stripping_and_adding_attributes_loses_nothing(judged):
    report = judged(STRIPPED)
    assert report.safe, report.loss
    assert report.loss.reidentified == report.series
    assert report.loss.dropped_or_folded is not None
    assert report.loss.dropped_or_folded.series == 0
