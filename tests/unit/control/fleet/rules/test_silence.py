"""When a host is silent, when it is lost."""

from datetime import timedelta

import pytest
from tests.support.fleet import START

from phoenix.control.fleet.model import HostState
from phoenix.control.fleet.rules.silence import Silence


@pytest.mark.parametrize(
    ("condition", "quiet_seconds", "expected"),
    [
        (None, 0, HostState.CONNECTED),
        (None, 89, HostState.CONNECTED),
        (None, 91, HostState.SILENT),
        (None, 899, HostState.SILENT),
        (None, 901, HostState.LOST),
        ("incompatible", 10, HostState.INCOMPATIBLE),
        ("clash", 10, HostState.CLASH),
        ("clash", 91, HostState.SILENT),
        (None, -3600, HostState.CONNECTED),
    ],
)
def test_silent_after_three_heartbeats_and_lost_after_a_quarter_of_an_hour(condition, quiet_seconds, expected):
    now = START + timedelta(seconds=quiet_seconds)
    assert Silence().state(condition, START, START, now) is expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, HostState.SILENT), (901, HostState.LOST)])
def test_a_host_that_never_connected_is_silent_then_lost(seconds, expected):
    assert Silence().state(None, START, None, START + timedelta(seconds=seconds)) is expected
