"""The month of stored windows: unions over hosts and time, rates host by host."""

import dataclasses

import pytest
from tests.support.experiments.arms import window

from phoenix.core.ids import HostId
from phoenix.decide.errors import CadenceInvalidError
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.sightings import Sightings
from phoenix.decide.pricing.usage.windows import usage_of_windows
from phoenix.telemetry.window.model import MetricPart

HERE, THERE = HostId("a"), HostId("b")
MINUTE = Period(60.0)


def test_series_are_united_over_windows_and_never_added_up():
    windows = [(HERE, window(number, 1, 2, 10 + number)) for number in range(4)]
    assert usage_of_windows(windows).series(MINUTE).likely == 6


def test_each_host_goes_on_at_its_own_rate():
    windows = [(HERE, window(0, 1, 2)), (HERE, window(1, 1, 2)), (THERE, window(0, 5))]
    found = usage_of_windows(windows)
    # 6 points and 3 points in 15 s each.
    assert found.points().likely == 9 * 4 * 43_800
    assert found.hosts == 2
    assert usage_of_windows(list(reversed(windows))).points() == found.points()


def test_a_minute_without_a_host_is_as_its_mean():
    found = usage_of_windows([(HERE, window(0, 1, 2)), (HERE, window(1, 1, 2)), (THERE, window(0, 5))])
    minutes = found.minutes()
    assert minutes is not None
    assert list(minutes.likely) == [36, 36]


def test_a_set_that_was_cut_off_makes_series_unknown_and_bytes_stay():
    capped = window(0, 1, 2)
    object.__setattr__(capped.series, "truncated", True)
    found = usage_of_windows([(HERE, capped)])
    assert found.series(MINUTE).nothing_known
    assert found.points().likely == 6 * 4 * 43_800
    assert found.only(["nothing"]).points().likely == 0


def test_no_window_is_unknown():
    assert usage_of_windows([]).points().nothing_known


def test_the_share_of_a_metric_in_series_is_that_in_points():
    mixed = dataclasses.replace(
        window(0, 1, 2, 3, 4), metrics={"a": MetricPart(3, 9, 90, 900), "b": MetricPart(1, 3, 30, 300)}
    )
    chosen = usage_of_windows([(HERE, mixed)]).only(["a"])
    assert chosen.series(Period(15.0)).likely == 3
    assert chosen.points().likely == 9 * 4 * 43_800


def test_windows_without_processes_come_and_go_alone():
    bare = dataclasses.replace(window(0, 1, 2), processes={})
    seen = usage_of_windows([(HERE, bare)]).sightings
    assert seen is not None
    assert seen.series_a_source == 1.0


def test_slots_of_different_widths_have_no_union():
    seen = usage_of_windows([(HERE, window(0, 1))]).sightings
    assert seen is not None
    with pytest.raises(CadenceInvalidError, match="no union"):
        _ = seen | Sightings(30.0, seen.times, seen.series, seen.time)
