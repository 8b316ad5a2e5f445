"""Where Phoenix keeps files when nobody says where: the folders of the XDG base directory specification."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for what can be made again."""
    return _folder("XDG_CACHE_HOME", ".cache")


def state_folder() -> Path:
    """Return the folder for what must outlive a restart: the server's database and secrets."""
    return _folder("XDG_STATE_HOME", ".local/state")


def _folder(variable: str, otherwise: str) -> Path:
    home = os.environ.get(variable, "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / otherwise) / "phoenix"
