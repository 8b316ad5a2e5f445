"""Phases of an experiment, and the time that counts towards the end of one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.control.experiments.errors import IllegalTransitionError
from phoenix.control.experiments.model import ENDED, MOVING, NEXT, Design, Experiment, Phase
from phoenix.core.ids import ExperimentId, PipelineVersionId

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DESIGN = Design(
    baseline_pipeline="a",
    candidate_pipeline="b",
    baseline=PipelineVersionId("pv-1"),
    candidate=PipelineVersionId("pv-2"),
    name="n",
)


def experiment(phase: Phase = Phase.RUNNING) -> Experiment:
    return Experiment(ExperimentId("exp-1"), DESIGN, NOON, "usr-1", phase, NOON, stepped_at=NOON)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@given(st.sampled_from(Phase), st.sampled_from(Phase))
def test_only_what_the_table_says_may_follow(source, target):
    if target in NEXT[source]:
        assert experiment(source).moved_to(target, NOON).phase is target
    else:
        with pytest.raises(IllegalTransitionError):
            experiment(source).moved_to(target, NOON)


def test_an_end_is_reached_only_by_restoring():
    assert {source for source, following in NEXT.items() if following & ENDED} == {Phase.RESTORING}


def test_every_phase_that_moves_leads_to_an_end():
    for phase in MOVING:
        reached, open_ = {phase}, {phase}
        while open_:
            open_ = {following for source in open_ for following in NEXT[source]} - reached
            reached |= open_
        assert reached >= ENDED


def test_time_that_nobody_looked_does_not_count():
    looked = experiment().until(after(100)).seen_at(after(90), noted_seconds=5, away_seconds=30)
    assert (looked.deadline, looked.stepped_at) == (after(190), after(90))


def test_a_clock_that_is_set_back_does_not_make_a_phase_longer():
    looked = experiment().until(after(100)).seen_at(after(-3600), noted_seconds=5, away_seconds=30)
    assert looked.deadline == after(100 - 3600)


def test_a_pause_does_not_count():
    looked = experiment().until(after(100)).seen_at(after(3), noted_seconds=5, away_seconds=30, paused=True)
    assert looked.deadline == after(103)


def test_steps_that_change_nothing_are_noted_now_and_then():
    assert experiment().seen_at(after(4), noted_seconds=5, away_seconds=30) == experiment()
    assert experiment().seen_at(after(5), noted_seconds=5, away_seconds=30).stepped_at == after(5)


def test_another_attempt_begins_with_nothing_of_the_one_before():
    again = experiment(Phase.FAILED).tried_again(after(10))
    assert (again.phase, again.attempt, again.revision, again.result) == (Phase.INITIALIZING, 2, None, None)
