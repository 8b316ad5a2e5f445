"""What one server process sets for itself."""

import gc

import pytest

from phoenix.server.process import collect_rarely


@pytest.fixture
def as_before():
    thresholds = gc.get_threshold()
    yield thresholds
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_full_searches_for_garbage_become_rare_and_leave_out_what_is_loaded(as_before):
    collect_rarely()
    assert gc.get_freeze_count() > 0
    assert all(after >= before for after, before in zip(gc.get_threshold(), as_before, strict=True))


def test_cycles_are_still_found(as_before):
    collect_rarely()
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() > 0
