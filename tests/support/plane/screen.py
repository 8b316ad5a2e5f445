"""`phoenix doctor HOST` at a terminal on the host itself: also when the server cannot be asked."""

import textwrap

from tests.support.cli import phoenix
from tests.support.plane.host import FaultHost

_LINES, _COLUMNS = 24, 100


def doctor_screen(host: FaultHost, url: str, token: str) -> str:
    """Return what the command says, its words in one line; it must say it on one screen, and what to do."""
    environment = {
        "PHOENIX_API_URL": url,
        "PHOENIX_AUTH_TOKEN": token,
        "PHOENIX_SERVER__DATA_DIR": str(host.plane.folder),
        "XDG_STATE_HOME": str(host.folder),
        "COLUMNS": str(_COLUMNS),
    }
    said = phoenix("doctor", host.name, environment=environment)
    # Told on one of the two: a finding, or the error that stands in the way of any.
    text = f"{said.out}{said.err}"
    lines = [line for long in text.splitlines() for line in textwrap.wrap(long, _COLUMNS) or [""]]
    assert len(lines) <= _LINES, text
    assert said.status in (0, 1, 3, 4), text
    return " ".join(text.split())
