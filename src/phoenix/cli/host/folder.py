"""Where the files of a host of this machine are, unless `--folder` says otherwise."""

import re
from pathlib import Path
from typing import Final

from phoenix.cli.host.errors import HostFolderNameError
from phoenix.settings.folders import state_folder

# What the server takes for a name; here it keeps the folder where it belongs.
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?")


def folder_of(name: str) -> Path:
    """Return the folder.

    Raises:
        HostFolderNameError: no host has such a name, so no folder can be named after it.
    """
    if not _NAME.fullmatch(name):
        raise HostFolderNameError(f"a host cannot be named {name[:80]!r}")
    return state_folder() / "hosts" / name
