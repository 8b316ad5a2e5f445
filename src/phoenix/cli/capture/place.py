"""Where a new capture goes, looked at before the work rather than after it."""

import os
from pathlib import Path

from phoenix.telemetry.errors import CaptureDeniedError, CaptureExistsError, CaptureNotFoundError


def check_new_capture(path: Path) -> None:
    """Raise what saving would raise, so that a minute's recording is not lost to a wrong path.

    Raises:
        CaptureExistsError: something is there.
        CaptureNotFoundError: its folder is not there.
        CaptureDeniedError: its folder may not be written to.
    """
    if path.exists() or path.is_symlink():
        raise CaptureExistsError(f"{path} exists already", path=str(path))
    parent = path.absolute().parent
    if not parent.is_dir():
        raise CaptureNotFoundError(
            f"{path}: the folder {parent} does not exist",
            user_action=f"Make the folder {parent} first.",
            path=str(path),
        )
    if not os.access(parent, os.W_OK | os.X_OK):
        raise CaptureDeniedError(f"{path}: the folder {parent} may not be written to", path=str(path))
