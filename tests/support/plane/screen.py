"""`phoenix doctor HOST` at a terminal on the host itself: also when the server cannot be asked."""

from tests.support.cli import phoenix
from tests.support.plane.doctor import COLUMNS, one_screen
from tests.support.plane.host import FaultHost


def doctor_screen(host: FaultHost, url: str, token: str) -> str:
    """Return what the command says, its words in one line; it must say it on one screen, and what to do."""
    environment = {
        "PHOENIX_API_URL": url,
        "PHOENIX_AUTH_TOKEN": token,
        "PHOENIX_SERVER__DATA_DIR": str(host.plane.folder),
        "XDG_STATE_HOME": str(host.folder),
        "COLUMNS": str(COLUMNS),
    }
    said = phoenix("doctor", host.name, environment=environment)
    # Told on one of the two: a finding, or the error that stands in the way of any.
    text = f"{said.out}{said.err}"
    one_screen(text)
    assert said.status in (0, 1, 3, 4), text
    return " ".join(text.split())
