"""What `phoenix doctor` says of a host in the state that a fault test produced, held to one screen (spec G4)."""

import textwrap

from tests.support.cli import memory_cli, written
from tests.support.plane.plane import Plane

from phoenix.cli.main import run
from phoenix.settings.model import Settings

LINES = 24
COLUMNS = 100


def ailing(plane: Plane, host: str, *words: str) -> str:
    """Return the screen of a host that is not well; each of the words stands on it, and so does a next step."""
    status, text = _asked(plane, host)
    assert status == 1, text
    _has(text, "What to do: ", *words)
    return text


def well(plane: Plane, host: str, *words: str) -> str:
    """Return the screen of a host that nothing ails; each of the words stands on it."""
    status, text = _asked(plane, host)
    assert status == 0, text
    _has(text, *words)
    return text


def _has(text: str, *words: str) -> None:
    flat = " ".join(text.split())
    assert all(word in flat for word in words), (words, text)


def _asked(plane: Plane, host: str) -> tuple[int, str]:
    settings = Settings.model_validate({"api_url": plane.url, "auth_token": plane.server.token})
    cli = memory_cli(settings, width=COLUMNS)
    try:
        status = run(cli, ("doctor", host))
    finally:
        cli.close()
    out, err = written(cli)
    assert not err, err
    return status, one_screen(out.rstrip())


def one_screen(said: str) -> str:
    """Return what was said as a terminal shows it, which breaks long lines itself; it must fit one screen."""
    lines = [line for long in said.splitlines() for line in textwrap.wrap(long, COLUMNS) or [""]]
    text = "\n".join(lines)
    assert len(lines) <= LINES, f"{len(lines)} lines:\n{text}"
    return text
