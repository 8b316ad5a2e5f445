"""An experiment followed live."""

from typing import Any

import httpx
import pytest
from tests.support.experiment_documents import ENDED, GAP, STATUS, WINDOW
from tests.support.fake_server import FakeServer, problem

from phoenix.cli.experiment.showing.following import follow
from phoenix.cli.terminal.streams import Streams
from phoenix.client.errors import ApiError


class Playing(FakeServer):
    """A server whose experiment goes one step on at each look: (status, windows), or no answer."""

    def __init__(self, steps: list[tuple[Any, list[Any]] | Exception]) -> None:
        super().__init__()
        self.steps = iter(steps)
        self.windows: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/metrics"):
            return httpx.Response(200, json={"items": self.windows})
        step = next(self.steps)
        if isinstance(step, Exception):
            raise step
        status, self.windows = step
        return status if isinstance(status, httpx.Response) else httpx.Response(200, json=status)


def test_says_each_window_and_each_phase_once_without_a_terminal() -> None:
    begin: Any = (STATUS, [])
    server = Playing([begin, begin, (STATUS, [WINDOW]), (STATUS, [WINDOW, GAP]), (ENDED, [WINDOW, GAP])])
    cli = server.cli()
    assert follow(cli, "exp-1", sleep=lambda _seconds: None)["phase"] == "completed"
    lines = cli.streams.err.getvalue().splitlines()  # type: ignore[attr-defined] # StringIO
    assert len(lines) == 4
    assert lines[0] == "exp-1: running, windows 1/3, two more windows"
    assert "series 1,200 -> 300" in lines[1]
    assert "no data: restarted: the collector started anew" in lines[2]
    assert lines[3] == "exp-1: completed (measured), windows 3/3"


def test_waits_for_a_server_that_is_away_and_says_so_once() -> None:
    away = [httpx.ConnectError("refused")] * 6
    begin: Any = (STATUS, [])
    cli = Playing([begin, *away, (ENDED, [])]).cli()
    assert follow(cli, "exp-1", sleep=lambda _seconds: None)["phase"] == "completed"
    said = cli.streams.err.getvalue()  # type: ignore[attr-defined] # StringIO
    assert said.count("waiting for it") == 1


def test_does_not_wait_for_an_experiment_that_is_not_there() -> None:
    missing = httpx.Response(404, json=problem("EXPERIMENT_NOT_FOUND", "not found", "there is none"))
    with pytest.raises(ApiError, match="there is none"):
        follow(Playing([(missing, [])]).cli(), "exp-1", sleep=lambda _seconds: None)


def test_draws_a_table_on_a_terminal() -> None:
    begin: Any = (STATUS, [])
    server = Playing([begin, (STATUS, [WINDOW, GAP]), (ENDED, [WINDOW])])
    cli = server.cli()
    streams = Streams.captured(width=160)
    cli.streams = Streams(streams.out, streams.err, streams.stdin, err_is_terminal=True, width=160)
    follow(cli, "exp-1", sleep=lambda _seconds: None)
    drawn = streams.err.getvalue()  # type: ignore[attr-defined] # StringIO
    assert "1,200 -> 300" in drawn
    assert "no data: restarted" in drawn
