"""What one process remembers of who was heard when."""

from phoenix.control.experiments.phases.quiet import Quiet
from phoenix.core.ids import ExperimentId, HostId

EXP, A, B = ExperimentId("exp-1"), HostId("a"), HostId("b")


def test_a_host_is_silent_since_it_was_heard_last():
    quiet = Quiet()
    quiet.hear(EXP, {A: (1, 1), B: (1, 1)}, 0.0, noticed=30)
    assert quiet.hear(EXP, {A: (1, 1), B: (2, 1)}, 40.0, noticed=30) == {A: 40.0, B: 0.0}


def test_a_process_that_has_just_begun_holds_nothing_against_a_host():
    quiet = Quiet()
    assert quiet.hear(EXP, {A: (1, 1)}, 1000.0, noticed=30) == {A: 0.0}
    assert quiet.settling(EXP, 1010.0, 30)
    assert not quiet.settling(EXP, 1040.0, 30)


def test_telemetry_that_comes_back_settles_for_a_while():
    quiet = Quiet()
    quiet.hear(EXP, {A: (1, 1)}, 0.0, noticed=30)
    quiet.hear(EXP, {A: (2, 1)}, 100.0, noticed=30)
    assert quiet.settling(EXP, 110.0, 30)
    assert not quiet.settling(EXP, 131.0, 30)


def test_an_experiment_is_looked_at_no_oftener_than_asked():
    quiet = Quiet()
    assert [quiet.due(EXP, at, 3.0) for at in (0.0, 1.0, 3.0)] == [True, False, True]


def test_a_host_is_unhealthy_until_it_is_well():
    quiet = Quiet()
    assert quiet.unhealthy(EXP, A, 0.0, healthy=False) == 0.0
    assert quiet.unhealthy(EXP, A, 20.0, healthy=False) == 20.0
    assert quiet.unhealthy(EXP, A, 25.0, healthy=True) == 0.0
    assert quiet.unhealthy(EXP, A, 30.0, healthy=False) == 0.0


def test_experiments_that_ended_are_forgotten():
    quiet = Quiet()
    quiet.hear(EXP, {A: (1, 1)}, 0.0, noticed=30)
    quiet.forget([])
    assert quiet.hear(EXP, {A: (1, 1)}, 50.0, noticed=30) == {A: 0.0}
