"""Long work made visible, on stderr only: bars on a terminal, else a plain line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from phoenix.cli.terminal.streams import Streams
from phoenix.telemetry.compiling import compiling_watched

_SECONDS_BETWEEN_LINES = 10.0


class Step(Protocol):
    """One piece of work under way."""

    def done(self, amount: float) -> None:
        """Say how much of the step's total is done by now."""
        ...

    def says(self, text: str) -> None:
        """Show what the step is doing at the moment."""
        ...


class _BarStep:
    def __init__(self, bars: Progress, task: TaskID, title: str) -> None:
        self._bars, self._task, self._title = bars, task, title

    def done(self, amount: float) -> None:
        self._bars.update(self._task, completed=amount)

    def says(self, text: str) -> None:
        self._bars.update(self._task, description=f"{self._title}: {text}")


class _LineStep:
    """Writes at most a line every ten seconds, so that a log of CI stays readable."""

    def __init__(self, streams: Streams, title: str, total: float | None, clock: Callable[[], float]) -> None:
        self._streams, self._title, self._total, self._clock = streams, title, total, clock
        self._last = clock()

    def done(self, amount: float) -> None:
        share = f"{100 * amount / self._total:.0f} %" if self._total else f"{amount:.0f}"
        self.says(share)

    def says(self, text: str) -> None:
        if self._clock() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = self._clock()
            self._streams.err.write(f"{self._title}: {text}\n")
            self._streams.err.flush()


@contextmanager
def progress_step(
    streams: Streams, title: str, total: float | None = None, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Step]:
    """Show a step while the body runs; leave one line saying how long it took, or that it stopped.

    Args:
        streams: `err` is written to.
        title: what is done, as "Recording this host".
        total: the amount at which it is complete, in any unit; None when unknown, which shows as a moving bar.
        clock: seconds, for tests.
    """
    begin = clock()
    try:
        if streams.err_is_terminal:
            with _bars(streams) as bars:
                bar = _BarStep(bars, bars.add_task(title, total=total), title)
                with _compiling_shown(bar):
                    yield bar
        else:
            streams.err.write(f"{title} ...\n")
            streams.err.flush()
            line = _LineStep(streams, title, total, clock)
            with _compiling_shown(line):
                yield line
    except BaseException:
        streams.err.write(f"{title}: stopped after {clock() - begin:.1f} s\n")
        raise
    streams.err.write(f"{title}: done in {clock() - begin:.1f} s\n")


def _compiling_shown(step: Step) -> AbstractContextManager[None]:
    """Show the first work of kernels on a machine, which takes seconds, as what it is."""
    return compiling_watched(
        lambda kernel: step.says("going on" if kernel is None else f"compiling {kernel}, once on this machine")
    )


def _bars(streams: Streams) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(file=streams.err, force_terminal=True, no_color=not streams.color),
        transient=True,
    )
