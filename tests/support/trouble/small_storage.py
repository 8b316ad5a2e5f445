"""A host whose supervisor keeps its state on a small disk that only it sees, and that tests fill and empty."""

from dataclasses import replace
from pathlib import Path

from tests.support.conditions.mounts import UNSHARE
from tests.support.plane.host import FaultHost

_SCRIPT = """#!/bin/sh
exec {unshare} sh -c 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"' {storage} {supervisor} "$@"
"""


def on_a_small_disk(host: FaultHost, folder: Path) -> None:
    """Have the supervisor of a host that does not run yet keep its state on a disk of a megabyte."""
    folder.mkdir()
    program = folder / "opampsupervisor"
    supervisor, storage = host.built.supervisor, host.files.storage
    program.write_text(
        _SCRIPT.format(unshare=" ".join(UNSHARE), storage=storage, supervisor=supervisor), encoding="utf-8"
    )
    program.chmod(0o700)
    host.files = replace(host.files, supervisor=program)


def seen(host: FaultHost) -> Path:
    """Return the disk's folder as this process reaches it: through the supervisor's."""
    assert host.running is not None
    return Path(f"/proc/{host.running.process.pid}/root{host.files.storage}")
