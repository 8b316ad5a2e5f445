"""The log: what callers send stays one line and cannot steer a terminal."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from phoenix.server.logs import write_logs
from phoenix.settings.log_format import LogFormat


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("form", LogFormat)
def test_what_callers_send_cannot_forge_lines_or_steer_a_terminal(logging_as_before, capsys, form):
    write_logs(form)
    hostile = "/a\x1b[2J\nFORGED\x9b\0"
    structlog.get_logger("phoenix.test").info("request", path=hostile)
    logging.getLogger("library").warning("said %s", hostile)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert not any(character in "".join(lines) for character in "\x1b\0")


def test_a_traceback_keeps_its_lines(logging_as_before, capsys):
    write_logs(LogFormat.CONSOLE)
    try:
        int("no")
    except ValueError:
        structlog.get_logger("phoenix.test").exception("bug")
    assert len(capsys.readouterr().err.splitlines()) > 2
