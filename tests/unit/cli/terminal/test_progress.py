import io

import pytest

from phoenix.cli.terminal.progress import progress_step
from phoenix.cli.terminal.streams import Streams
from phoenix.telemetry.compiling import tell


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_a_terminal_a_line_now_and_then():
    streams, clock = Streams.captured(), Clock()
    with progress_step(streams, "Recording", total=60, clock=clock) as step:
        for second in range(1, 26):
            clock.now = second
            step.done(second)
    assert streams.err.getvalue().splitlines() == [  # type: ignore[attr-defined] # StringIO
        "Recording ...",
        "Recording: 17 %",
        "Recording: 33 %",
        "Recording: done in 25.0 s",
    ]
    assert streams.out.getvalue() == ""  # type: ignore[attr-defined] # StringIO


def test_a_step_that_fails_says_so():
    streams = Streams.captured()
    with pytest.raises(KeyboardInterrupt), progress_step(streams, "Recording", clock=Clock()):
        raise KeyboardInterrupt
    assert streams.err.getvalue().endswith("Recording: stopped after 0.0 s\n")  # type: ignore[attr-defined] # StringIO


def test_on_a_terminal_bars_on_stderr_only():
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO(), err_is_terminal=True, color=False)
    with progress_step(streams, "Replaying", total=10) as step:
        step.done(5)
        step.says("minimal")
    assert "Replaying: minimal" in streams.err.getvalue()  # type: ignore[attr-defined] # StringIO
    assert streams.out.getvalue() == ""  # type: ignore[attr-defined] # StringIO


def test_compiling_for_this_machine_shows_as_what_a_step_does():
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO(), err_is_terminal=True, color=False)
    with progress_step(streams, "Evaluating"):
        tell("walk requests")
    assert "Evaluating: compiling walk requests, once on this machine" in streams.err.getvalue()  # type: ignore[attr-defined] # StringIO
