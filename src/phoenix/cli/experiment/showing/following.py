"""An experiment followed live, on stderr: a table that is drawn anew on a terminal, else a line for what is new."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final, Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from phoenix.cli.context import Cli
from phoenix.cli.experiment.showing.views import WINDOW_COLUMNS, names_of, phase_text, window_row, windows_text
from phoenix.cli.terminal.blocks import Table, rich_table
from phoenix.cli.terminal.printable import printable
from phoenix.cli.terminal.streams import Streams
from phoenix.client.errors import ApiError, ApiUnavailableError
from phoenix.client.experiments import ENDED, Experiments
from phoenix.core.errors import ErrorKind

_LOOK_SECONDS: Final = 2.0
_WINDOWS_SHOWN: Final = 12


class Screen(Protocol):
    """Where what is seen is shown."""

    def show(self, state: Mapping[str, Any], windows: Sequence[Mapping[str, Any]]) -> None:
        """Show how far the experiment is, with every window so far."""
        ...

    def say(self, text: str) -> None:
        """Show a remark, such as that the server is away."""
        ...


def follow(
    cli: Cli,
    experiment: str,
    *,
    until: Callable[[Mapping[str, Any]], bool] = lambda state: state["phase"] in ENDED,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Show an experiment until it has ended (or `until` says so) and return its last status.

    A server that is away is waited for: the experiment goes on, and so does this.

    Raises:
        ApiError: there is no such experiment, or the token is refused.
    """
    experiments = Experiments(cli.server)
    state = experiments.status(experiment)
    with screen_of(cli.streams) as screen:
        while True:
            try:
                state = experiments.status(experiment)
                screen.show(state, experiments.metrics(experiment))
            except (ApiUnavailableError, ApiError) as error:
                if error.kind is not ErrorKind.UNAVAILABLE:
                    raise
                screen.say(f"{error.message}; waiting for it")
            else:
                if until(state):
                    return state
            sleep(_LOOK_SECONDS)


def screen_of(streams: Streams) -> "_LiveScreen | _LineScreen":
    """Return the screen that fits: a live one on a terminal, else one of lines."""
    return _LiveScreen(streams) if streams.err_is_terminal else _LineScreen(streams)


class _LiveScreen(AbstractContextManager["_LiveScreen"]):
    def __init__(self, streams: Streams) -> None:
        console = Console(file=streams.err, force_terminal=True, no_color=not streams.color, width=streams.width)
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, state: Mapping[str, Any], windows: Sequence[Mapping[str, Any]]) -> None:
        names = names_of(state)
        table = Table(WINDOW_COLUMNS, [window_row(window, names) for window in windows[-_WINDOWS_SHOWN:]])
        parts = [Text(headline(state)), rich_table(table)] if windows else [Text(headline(state))]
        self._live.update(Group(*parts), refresh=True)

    def say(self, text: str) -> None:
        self._live.console.print(Text(printable(text)))


class _LineScreen(AbstractContextManager["_LineScreen"]):
    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._headline = ""
        self._remark = ""
        self._shown: set[tuple[str, int]] = set()

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, state: Mapping[str, Any], windows: Sequence[Mapping[str, Any]]) -> None:
        names, self._remark = names_of(state), ""
        for window in windows:
            place = (window["host"], window["start"])
            if place not in self._shown:
                self._shown.add(place)
                self._write(window_line(window, names))
        if (line := headline(state)) != self._headline:
            self._headline = line
            self._write(line)

    def say(self, text: str) -> None:
        if text != self._remark:
            self._remark = text
            self._write(text)

    def _write(self, text: str) -> None:
        self._streams.err.write(f"{printable(text)}\n")
        self._streams.err.flush()


def headline(state: Mapping[str, Any]) -> str:
    """Return where the experiment is, in a line."""
    parts = [f"{state['id']}: {phase_text(state)}", f"windows {windows_text(state)}"]
    parts += [f"guardrail {it['name']}: {it['reason']}" for it in state["guardrails"] if it["state"] == "tripped"]
    if what := state["waiting"] or state["reason"]:
        parts.append(what)
    return ", ".join(parts)


def window_line(window: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return a window in a line: what each arm held, what was saved; or why it is no data."""
    begin, host, series, points, size, saved, critical = window_row(window, names)
    if window["no_data"]:
        return f"window {begin} {host}: {saved}: {window['no_data']['reason']}"
    return f"window {begin} {host}: series {series}, points {points}, bytes {size}, saved {saved}, critical {critical}"
