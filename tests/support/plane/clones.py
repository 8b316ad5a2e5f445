"""A second supervisor made of another host's files, as a cloned machine or a shared disk has them."""

import shutil
from pathlib import Path

from tests.support.plane.host import PRODUCTION, FaultHost, baseline
from tests.support.plane.processes import NAMES

from phoenix.collector.supervised.files import read_environment
from phoenix.collector.supervised.model import TOKEN_VARIABLE

# Each machine has a file of its own at the same place.
CONFIG = baseline(Path(f"${{env:{PRODUCTION}}}"), processes=NAMES)


def clone_of(host: FaultHost, folder: Path, *, storage: bool) -> FaultHost:
    """Return a machine with the host's credential, and its supervisor's storage or an empty one; nothing runs yet."""
    clone = FaultHost(host.plane, host.built, folder, host.name, host.config)
    folder.mkdir(parents=True)
    clone.write(read_environment(host.files)[TOKEN_VARIABLE])
    if storage:
        take_storage(host, clone)
    return clone


def take_storage(host: FaultHost, other: FaultHost) -> None:
    """Copy what a supervisor keeps (its uid, the last config it got) to another machine."""
    shutil.copytree(host.files.storage, other.files.storage, dirs_exist_ok=True)
