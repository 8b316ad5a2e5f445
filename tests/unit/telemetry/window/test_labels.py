import numpy as np
import pyarrow as pa
import pytest
from tests.support.metering.telemetry import KEY, MINUTE, Body, parts_of

from phoenix.telemetry.window import Labels, SeriesSet, WindowPlan, union

PLAN = WindowPlan(60.0)


def hashes(body, labels=None):
    return sorted(parts_of([body.written], PLAN, labels)[0].rows.series.tolist())


def test_a_series_has_one_hash_for_ever():
    # Written down when the format was made: stored windows must meet those of later versions.
    body = Body().counter("process.cpu.time", 1, time=MINUTE, pid=42, executable="db", host="h")
    assert hashes(body) == [17872056443550708365]


def test_another_installation_has_other_hashes():
    body = Body().gauge("a", 1, time=MINUTE)
    assert hashes(body, Labels(b"another key here")) != hashes(body)


def test_what_is_no_part_of_identity_does_not_matter_and_what_is_does():
    body = Body().gauge("a", 1, time=MINUTE)
    described = Body().gauge("a", 2, time=MINUTE + 1)
    described.request.resource_metrics[0].scope_metrics[0].metrics[0].description = "said otherwise"
    assert hashes(body) == hashes(described)
    for changed in (
        Body().gauge("b", 1, time=MINUTE),
        Body().gauge("a", 1, time=MINUTE, pid=2),
        Body().counter("a", 1, time=MINUTE),
        Body().counter("a", 1, time=MINUTE, delta=True),
    ):
        assert hashes(changed) != hashes(body)


def test_a_reader_that_forgets_gives_the_same_hashes():
    body = Body()
    for pid in range(100):
        body.gauge("a", 1, time=MINUTE, pid=pid)
    forgetful = Labels(KEY, room=16_000)
    assert hashes(body, forgetful) == hashes(body, forgetful) == hashes(body)
    assert len(forgetful.resources._known) < 100


def test_names_are_begun_anew_when_they_are_too_many():
    labels = Labels(KEY)
    labels.executables._most = 3
    for pid in range(8):
        parts = parts_of([Body().gauge("a", 1, time=MINUTE, pid=pid, executable=f"x{pid}").written], PLAN, labels)
        assert parts[0].executables == (f"x{pid}",)
    assert len(labels.executables.texts) <= 4


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 65])
def test_refuses_a_key_that_hides_nothing(key):
    with pytest.raises(ValueError, match="16 to 64"):
        Labels(key)


def test_a_table_of_no_values_is_empty():
    assert Labels(KEY).scopes.table(pa.array([], type=pa.binary()))[:, 0].tolist() == []


def series_set(hashes, *, truncated=False):
    return SeriesSet(np.array(hashes, dtype=np.uint64), np.ones(len(hashes), np.int64), np.ones(len(hashes)), truncated)


def test_a_union_counts_each_series_once_and_adds_up_its_points():
    found = union([series_set([1, 5]), series_set([5, 9]), series_set([])])
    assert (found.hashes.tolist(), found.points.tolist(), found.values.tolist()) == ([1, 5, 9], [1, 2, 1], [1, 2, 1])
    assert union([]).hashes.tolist() == []


def test_a_union_knows_nothing_above_what_a_truncated_set_knows():
    found = union([series_set([1, 5], truncated=True), series_set([2, 9])])
    assert (found.hashes.tolist(), found.truncated) == ([1, 2, 5], True)
    capped = union([series_set([1, 5, 7])], max_series=2)
    assert (capped.hashes.tolist(), capped.truncated) == ([1, 5], True)
