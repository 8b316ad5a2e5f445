"""A process as the loss check knows it across two captures: host, pid and executable name."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Self

from phoenix.telemetry.processes import EXECUTABLE_NAME, PID

HOST_KEYS = ("host.name", "host.id")


class ProcessKey(NamedTuple):
    """What stays when other attributes of a process are stripped.

    Attributes:
        pid: as recorded.
        name: the executable's name, or None.
        hosts: the values of `host.name` and `host.id`, None where the resource lacks one.
    """

    pid: object
    name: object
    hosts: tuple[object, ...]

    def narrowed(self, keys: AbstractSet[str]) -> Self:
        """Return the key without the host attributes that are not among `keys`."""
        hosts = tuple(host if key in keys else None for key, host in zip(HOST_KEYS, self.hosts, strict=True))
        return self._replace(hosts=hosts)


def process_of(resource: Mapping[str, object]) -> ProcessKey | None:
    """Return the process a resource is, or None when it has no pid."""
    pid = resource.get(PID)
    if pid is None:
        return None
    return ProcessKey(pid, resource.get(EXECUTABLE_NAME), tuple(resource.get(key) for key in HOST_KEYS))
