"""Dropped, folded and kept where the lineage of the output's points is known and nothing is declared."""

import numpy as np
from tests.support.loss.records import CPU_TIME, MEMORY, NOON, SECOND, Record, capture_of, process

from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.lineage import Origins

LATER = NOON + 5 * SECOND


def memory(pid, value, time=NOON, **more):
    return Record(MEMORY, value, time, resource=process(pid, "app", **more))


def loss_of(before, after, *sources):
    """`sources` are the rows of `before` that each record of `after` was made of."""
    offsets = np.cumsum([0, *map(len, sources)])
    rows = np.array([row for source in sources for row in source], dtype=np.int64)
    return assess_loss(capture_of(before), capture_of(after), origins=Origins(offsets, rows))


def test_a_series_none_of_whose_points_is_anywhere_is_dropped_with_its_points_and_totals():
    before = [memory(1, 10), memory(2, 20), memory(1, 11, LATER), memory(2, 22, LATER)]
    loss = loss_of(before, [before[0], before[2]], [0], [2])
    assert loss.dropped is not None
    assert (loss.dropped.series, loss.dropped.points, loss.dropped.totals) == (1, 2, {"process.memory.usage": 42})
    assert loss.folded is not None
    assert (loss.folded.series_in, loss.folded.series_out) == (0, 0)
    assert loss.dropped_or_folded is None


def test_series_that_share_an_output_series_are_folded_and_their_totals_compared():
    before = [memory(1, 10), memory(2, 20), memory(3, 5)]
    group = Record(MEMORY, 30, NOON, resource={"group": "app"})
    loss = loss_of(before, [group, before[2]], [0, 1], [2])
    assert loss.folded is not None
    assert loss.folded.as_dict() == {
        "series_in": 2,
        "series_out": 1,
        "totals_error": 0.0,
        "totals_error_metric": None,
    }
    assert loss.dropped is not None
    assert loss.dropped.series == 0


def test_a_mean_keeps_no_total():
    group = Record(MEMORY, 15, NOON, resource={"group": "app"})
    folded = loss_of([memory(1, 10), memory(2, 20)], [group], [0, 1]).folded
    assert folded is not None
    assert (folded.totals_error, folded.metric) == (0.5, "process.memory.usage")


def test_duplicates_that_regrouping_leaves_are_folded_too():
    before = [memory(1, 10), memory(2, 20)]
    stripped = [record.without("process.pid", "process.command_line") for record in before]
    folded = loss_of(before, stripped, [0], [1]).folded
    assert folded is not None
    assert (folded.series_in, folded.series_out, folded.totals_error) == (2, 1, 0.0)


def test_a_series_under_another_name_is_kept():
    loss = loss_of([memory(1, 10)], [Record(MEMORY, 10, NOON, resource={"other": "x"})], [0])
    assert loss.dropped is not None
    assert loss.folded is not None
    assert (loss.dropped.series, loss.folded.series_in) == (0, 0)


def test_a_series_kept_at_one_scrape_and_folded_at_the_next_is_kept_and_the_group_counts_what_it_got():
    before = [memory(1, 10), memory(2, 20), memory(1, 11, LATER), memory(2, 22, LATER)]
    group = Record(MEMORY, 33, LATER, resource={"group": "app"})
    folded = loss_of(before, [before[0], group], [0], [2, 3]).folded
    assert folded is not None
    assert (folded.series_in, folded.series_out, folded.totals_error) == (1, 1, 0.0)


def test_counters_are_compared_by_what_they_rose():
    born = NOON - 60 * SECOND
    before = [Record(CPU_TIME, value, NOON + at * SECOND, born, {}, process(pid, "app")) for at in (0, 5)
              for pid, value in ((1, 10.0 + at), (2, 20.0 + at))]  # fmt: skip
    group = Record(CPU_TIME, 10.0, LATER, NOON, {}, {"group": "app"})
    delta = group.but(form=CPU_TIME.__class__("process.cpu.time", temporality=1, unit="s"))
    folded = loss_of(before, [delta], [2, 3]).folded
    assert folded is not None
    assert (folded.series_in, folded.totals_error) == (2, 0.0)


def test_an_output_of_nothing_dropped_everything():
    dropped = loss_of([memory(1, 10)], []).dropped
    assert dropped is not None
    assert dropped.series == 1
