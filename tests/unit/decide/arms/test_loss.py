"""Live loss from windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.experiments.arms import pair, window

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.decide.arms.loss import live_loss
from phoenix.decide.loss.model import CorruptionKind

DROPS = FoldMap((FoldRule(Fate.DROPPED),))
FOLDS = FoldMap((FoldRule(Fate.FOLDED),))
BOTH = FoldMap((FoldRule(Fate.DROPPED, metrics=frozenset({"a"})), FoldRule(Fate.FOLDED)))


def pairs(candidate=(1, 2), *, baseline=(1, 2, 3), totals=(30.0, 30.0), count=3):
    return [
        pair(n, window(n, *baseline, total=totals[0]), window(n, *candidate, total=totals[1])) for n in range(count)
    ]


def test_an_equal_candidate_loses_nothing():
    loss = live_loss(pairs((1, 2, 3)), values_stay=True)
    assert loss.harmless
    assert loss.dropped_or_folded is not None
    assert (loss.dropped_or_folded.series, loss.made, loss.thinned.series, loss.values_differ) == (0, 0, 0, 0)


def test_what_is_gone_is_dropped_or_folded_where_nothing_is_declared():
    loss = live_loss(pairs())
    assert loss.dropped_or_folded is not None
    assert (loss.dropped_or_folded.series, loss.dropped_or_folded.points) == (1, 9)
    assert set(loss.as_dict()) >= {"dropped_or_folded", "made", "totals", "corrupted"}


def test_what_is_gone_is_dropped_where_only_dropping_is_declared():
    loss = live_loss(pairs(totals=(30.0, 20.0)), declared=DROPS)
    assert loss.dropped is not None
    assert (loss.dropped.series, loss.dropped.totals) == (1, {"process.cpu.time": 30.0})
    assert loss.folded is not None
    assert loss.folded.series_in == 0


def test_what_is_gone_is_folded_where_only_folding_is_declared():
    loss = live_loss(pairs((1, 9), totals=(30.0, 27.0)), declared=FOLDS)
    assert loss.folded is not None
    assert (loss.folded.series_in, loss.folded.series_out) == (2, 1)
    assert loss.folded.totals_error == pytest.approx(0.1)


def test_windows_cannot_tell_dropped_from_folded_where_both_are_declared():
    loss = live_loss(pairs(), declared=BOTH)
    assert loss.dropped is None
    assert loss.dropped_or_folded is not None


def test_what_a_template_declares_to_keep_and_is_gone_is_not_harmless():
    loss = live_loss(pairs(), declared=FoldMap())
    assert loss.undeclared_missing == 1
    assert not loss.harmless


def test_damage_of_the_baseline_itself_is_not_the_candidates():
    hurt = {"duplicate_identity": 4}
    loss = live_loss([pair(0, window(0, 1, corruption=hurt), window(0, 1, corruption=hurt))])
    assert loss.corrupted == ()


def test_damage_that_only_the_candidate_has_is_counted():
    loss = live_loss([pair(0, window(0, 1), window(0, 1, corruption={"duplicate_identity": 4}))])
    assert [(it.kind, it.count) for it in loss.corrupted] == [(CorruptionKind.DUPLICATE_IDENTITY, 4)]
    assert "host-a" in loss.corrupted[0].example


def test_a_total_that_doubles_is_corruption():
    loss = live_loss(pairs((9,), totals=(30.0, 60.0)))
    assert [it.kind for it in loss.corrupted] == [CorruptionKind.TOTAL_GREW]


def test_points_that_move_over_the_edges_of_windows_are_not_corruption():
    assert live_loss(pairs((9,), totals=(30.0, 39.0))).corrupted == ()


def test_a_total_of_the_same_series_may_not_grow_at_all():
    loss = live_loss(pairs((1, 2, 3), totals=(30.0, 30.1)))
    assert [it.kind for it in loss.corrupted] == [CorruptionKind.TOTAL_GREW]


def test_what_an_arm_counts_of_a_window_that_it_lost_is_neither_growth_nor_loss():
    def paired(number, before, after):
        return pair(number, window(number, 1, total=before), window(number, 1, total=after))

    # The candidate lost a part of window 3, the baseline a part of window 6: neither is a pair.
    whole = [paired(number, 10.0, 10.0) for number in (1, 2, 5, 8)]
    assert live_loss([*whole, paired(4, 10.0, 15.0)]).corrupted == ()
    loss = live_loss([*whole, paired(4, 10.0, 15.0), paired(7, 15.0, 10.0)])
    assert loss.totals == {"process.cpu.time": (40.0, 40.0)}


def test_series_with_fewer_points_are_thinned():
    loss = live_loss([pair(0, window(0, 1, 2, points=3), window(0, 1, 2, points=1))])
    assert (loss.thinned.series, loss.thinned.points) == (2, 4)


def test_values_that_differ_are_damage_only_where_nothing_may_change_them():
    changed = [pair(0, window(0, 1, 2), window(0, 1, 2, value=2.0))]
    assert live_loss(changed).values_differ == 2
    assert live_loss(changed).corrupted == ()
    assert [it.kind for it in live_loss(changed, values_stay=True).corrupted] == [CorruptionKind.VALUE_CHANGED]


@given(st.permutations(range(4)))
def test_the_order_of_windows_does_not_matter(order):
    made = [pair(n, window(n, *range(n + 2), total=3.0), window(n, *range(n + 1), total=2.0)) for n in range(4)]
    assert live_loss([made[n] for n in order]) == live_loss(made)
