"""The capture that ships with Phoenix: what `phoenix run` shows while the first collector is being built.

`tools/reference_capture.py` makes it, from load-simulated processes in a namespace of their own
(docs/how-to/reference-capture.md). It says in its origin that it is of no host of the user's.
"""

from importlib.resources import as_file, files

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.storage import load

FOLDER = "reference"
HOST = "reference-host"


def shipped_capture() -> Capture:
    """Return the capture that ships with Phoenix.

    Raises:
        CaptureNotFoundError: the installation lacks it.
        CaptureCorruptError: it was altered.
    """
    with as_file(files("phoenix.collector.record") / FOLDER) as folder:
        return load(folder)
