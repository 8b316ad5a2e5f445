"""One crash is an accident; several are a loop."""

import pytest

from phoenix.control.fleet.rules.crashes import Crashes
from phoenix.edge.opamp.agents import Health


def exited(pid):
    text = f"Agent process PID={pid} exited unexpectedly, exit code=1. Will restart in a bit..."
    return Health(healthy=False, status="", error=text, components={})


@pytest.mark.parametrize(
    ("exits", "looping"),
    [
        ([], False),
        ([(0, 1)], False),
        ([(0, 1), (0.5, 1), (1, 1)], False),
        ([(0, 1), (5.1, 2)], True),
        ([(0, 1), (30, 2)], False),
        ([(0, 1), (25, 2), (50, 3)], True),
        ([(0, 1), (45, 2), (90, 3)], False),
    ],
)
def test_crash_loops(exits, looping):
    crashes = Crashes()
    for time, pid in exits:
        crashes = crashes.seen(exited(pid), time)
    assert crashes.looping(exits[-1][0] if exits else 0.0) is looping


def test_other_errors_are_no_crashes():
    crashes = Crashes().seen(Health(healthy=False, status="StatusStarting", error="", components={}), 0.0)
    assert crashes == Crashes()
