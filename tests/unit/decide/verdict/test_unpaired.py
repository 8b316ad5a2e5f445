"""Arms that did not see the same scrapes: wider, labelled, and never equivalent from one host."""

from dataclasses import replace

import pytest
from tests.support.experiments.arms import HOST, pair, window

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import NoDataKind, Pairing
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.model import Evidence, Outcome
from phoenix.decide.verdict.question import Question
from phoenix.decide.verdict.unpaired import pair_arms

APART = Question(unpaired="the candidate scrapes by itself.")
A, B, C, D = (HostId(name) for name in "abcd")


def side(count: int, windows: int = 220, **changes):
    return {window(n).start: window(n, *range(count), **changes) for n in range(windows)}


def test_one_host_is_never_equivalent():
    same = Pairing(tuple(pair(n, window(n, *range(10)), window(n, *range(10))) for n in range(250)))
    found = verdict(same, APART)
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "alone")
    assert found.as_dict()["speaks_of"]["unpaired"] == "the candidate scrapes by itself."


def test_two_collectors_a_side_that_do_the_same_are_equivalent():
    pairing = pair_arms({A: side(10), B: side(10)}, {C: side(10), D: side(10)})
    assert len({it.host for it in pairing.pairs}) == 4
    found = verdict(pairing, replace(APART, unpaired="each arm has its own collectors."))
    assert (found.outcome, found.rule) == (Outcome.EQUIVALENT, "same")
    assert found.losses[0].evidence is Evidence.NOT_COMPARABLE


def test_a_large_difference_is_better_all_the_same():
    pairing = pair_arms({A: side(10, 60), B: side(10, 60)}, {C: side(3, 60), D: side(3, 60)})
    assert verdict(pairing, APART).outcome is Outcome.BETTER


def test_edges_of_windows_and_differences_between_hosts_make_it_wider():
    moving = [pair(n, window(n, *range(10 + n % 2)), window(n, *range(6 + n % 2))) for n in range(80)]
    paired, apart = (verdict(Pairing(tuple(moving)), it).deciding.interval for it in (Question(), APART))
    assert paired is not None
    assert apart is not None
    assert apart.low < paired.low
    assert apart.high > paired.high
    alike = verdict(pair_arms({A: side(10, 60)}, {C: side(5, 60), D: side(5, 60)}), APART).deciding.interval
    unlike = verdict(pair_arms({A: side(10, 60)}, {C: side(3, 60), D: side(7, 60)}), APART).deciding.interval
    assert alike is not None
    assert unlike is not None
    assert unlike.half_width > alike.half_width + 0.1


def test_a_critical_process_that_never_comes_is_lost_and_one_that_comes_late_is_not():
    had = side(10, 60, critical={"nginx": 1})
    assert verdict(pair_arms({A: had}, {B: side(3, 60)}), APART).rule == "damaged"
    late = side(3, 60) | {window(5).start: window(5, *range(3), critical={"nginx": 1})}
    assert verdict(pair_arms({A: had}, {B: late}), APART).outcome is Outcome.BETTER


def test_what_only_paired_arms_can_show_is_no_damage():
    grown = pair_arms({A: side(10, 60, total=1.0)}, {B: side(3, 60, total=5.0)})
    assert verdict(grown, APART).outcome is Outcome.BETTER


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({}, {0: window(0, 1)}, NoDataKind.MISSING),
        ({0: window(0, 1)}, {}, NoDataKind.MISSING),
        ({0: window(0, 1, gap="the meter began")}, {0: window(0, 1)}, NoDataKind.GAP),
    ],
)
def test_a_window_of_one_side_is_no_data(before, after, kind):
    pairing = pair_arms({HOST: before}, {C: after})
    assert [it.kind for it in pairing.no_data] == [kind]
    assert pairing.pairs == ()


def test_series_beyond_the_cap_are_not_known():
    pairs = [pair(n, window(n, 1, 2), window(n, 1)) for n in range(3)]
    object.__setattr__(pairs[1].baseline.series, "truncated", True)
    assert verdict(Pairing(tuple(pairs)), APART).deciding.evidence is Evidence.NO_DATA
