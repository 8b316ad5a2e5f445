"""A load profile: which processes run, what each of them does, and how many come and go.

Standard library only: the supervisor of a simulation imports this (see `fields`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from phoenix.loadsim import fields
from phoenix.loadsim.errors import ProfileInvalidError

MAX_PROCESSES = 10_000
# Measured: what a forked process that does nothing takes (benchmarks/loadsim.py prints it), rounded up.
BASE_MEMORY_BYTES = 900_000

# The kernel keeps 15 bytes of a name; the collector reports what the kernel keeps.
_NAME = r"[A-Za-z0-9_.:+-]{1,15}"
_NAME_MEANING = "a name of 1 to 15 letters, digits or _.:+-"


@dataclass(frozen=True, slots=True)
class Spike:
    """A burst of processor use that comes back.

    Attributes:
        percent: of one core while the burst lasts.
        seconds: how long it lasts.
        every_seconds: mean time from one burst to the next, drawn anew each time.
    """

    percent: float = fields.number(0.1, 100)
    seconds: float = fields.number(0.1, 600)
    every_seconds: float = fields.number(1, 86_400)

    def __post_init__(self) -> None:
        fields.validate(self)
        if self.every_seconds < self.seconds:
            raise ProfileInvalidError("every_seconds: shorter than seconds", field="every_seconds")

    @property
    def mean_percent(self) -> float:
        """Percent of one core over a long time."""
        return self.percent * self.seconds / self.every_seconds


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """Processes of one name that do the same.

    Attributes:
        name: what the collector reports as `process.executable.name`.
        count: processes in the group, children included.
        arguments: of the command line; `{index}` becomes the number of the process in its group.
        children: so many processes of the group are children of each other one.
        cpu_percent: of one core, for each process, apart from spikes.
        memory_bytes: kept resident by each process, on top of the few hundred kB that any takes.
        disk_bytes_per_second: written by each process to a file that has no name and stays below 4 MiB.
        threads: in each process.
        open_files: kept open by each process, on top of the few that any has.
    """

    name: str = fields.text(_NAME, _NAME_MEANING)
    count: int = fields.whole(1, MAX_PROCESSES)
    arguments: tuple[str, ...] = fields.several(high=64)
    children: int = fields.whole(0, 100, 0)
    cpu_percent: float = fields.number(0, 100, 0.0)
    spike: Spike | None = field(default=None, metadata=fields.nested(Spike))
    memory_bytes: int = fields.size(2**34)
    disk_bytes_per_second: int = fields.size(50_000_000)
    threads: int = fields.whole(1, 500, 1)
    open_files: int = fields.whole(0, 500, 0)

    def __post_init__(self) -> None:
        fields.validate(self)

    @property
    def mean_cpu_percent(self) -> float:
        """Percent of one core that the whole group takes over a long time."""
        return self.count * (self.cpu_percent + (self.spike.mean_percent if self.spike else 0.0))


@dataclass(frozen=True, slots=True)
class Churn:
    """Short-lived processes that start one after another.

    Attributes:
        name: what the collector reports as `process.executable.name`.
        starts_per_second: on average; starts are evenly spaced.
        lifetime_seconds: from start to end of each, on average; drawn between half and one and a half times this.
        cpu_seconds: burnt by each when it starts.
        arguments: of the command line; `{index}` becomes the number of the start.
    """

    name: str = fields.text(_NAME, _NAME_MEANING)
    starts_per_second: float = fields.number(0.01, 200)
    lifetime_seconds: float = fields.number(0.01, 3600)
    cpu_seconds: float = fields.number(0, 10, 0.0)
    arguments: tuple[str, ...] = fields.several(high=64)

    def __post_init__(self) -> None:
        fields.validate(self)

    @property
    def mean_processes(self) -> float:
        """Processes alive at one time, on average."""
        return self.starts_per_second * self.lifetime_seconds


@dataclass(frozen=True, slots=True)
class Profile:
    """A load profile; every change gives a new, checked one.

    Attributes:
        name: of the profile.
        description: one line for `phoenix loadsim list-profiles`.
        processes: the groups that live as long as the simulation; one of their processes that dies is replaced.
        churn: the processes that come and go, or None.
        cpu_limit_percent: the profile is refused when the mean of all it does is above this much of one core.
    """

    name: str = fields.text(r"[a-z0-9][a-z0-9-]{0,62}", "a name of small letters, digits and -")
    description: str = fields.text(r"[^\n]{0,200}", "one line of at most 200 characters", "")
    processes: tuple[ProcessGroup, ...] = fields.several(ProcessGroup, high=100)
    churn: Churn | None = field(default=None, metadata=fields.nested(Churn))
    cpu_limit_percent: float = fields.number(1, 6400, 30.0)

    def __post_init__(self) -> None:
        fields.validate(self)
        if not self.processes and self.churn is None:
            raise ProfileInvalidError("processes: a profile without processes and without churn", field="processes")
        if self.process_count > MAX_PROCESSES:
            raise ProfileInvalidError(
                f"processes: {self.process_count} processes, at most {MAX_PROCESSES} are allowed", field="processes"
            )
        if self.mean_cpu_percent > self.cpu_limit_percent:
            raise ProfileInvalidError(
                f"cpu_limit_percent: the profile takes {self.mean_cpu_percent:.1f} % of a core on average and "
                f"allows itself {self.cpu_limit_percent:g} %",
                field="cpu_limit_percent",
            )

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Return the profile that YAML or JSON data describe.

        Raises:
            ProfileInvalidError: the message and `details["field"]` name the field, such as `processes[2].threads`.
        """
        profile: Self = fields.from_mapping(cls, data)
        return profile

    def as_mapping(self) -> dict[str, Any]:
        """Return the data that `from_mapping` turns into an equal profile."""
        return asdict(self)

    @property
    def process_count(self) -> int:
        """Processes that live as long as the simulation."""
        return sum(group.count for group in self.processes)

    @property
    def mean_cpu_percent(self) -> float:
        """Percent of one core that the whole profile takes over a long time, starting processes left out."""
        churn = 100 * self.churn.starts_per_second * self.churn.cpu_seconds if self.churn else 0.0
        return sum(group.mean_cpu_percent for group in self.processes) + churn

    @property
    def memory_bytes(self) -> int:
        """Memory that the whole profile takes, about."""
        living = self.process_count + (self.churn.mean_processes if self.churn else 0)
        return sum(group.count * group.memory_bytes for group in self.processes) + int(living * BASE_MEMORY_BYTES)

    def with_process_count(self, count: int) -> Self:
        """Return the profile with `count` lasting processes: every group keeps its share, and at least one process.

        The total processor use stays what it was.

        Raises:
            ProfileInvalidError: fewer processes than groups, or more than are allowed.
        """
        groups = self.processes
        if not groups or not len(groups) <= count <= MAX_PROCESSES:
            raise ProfileInvalidError(
                f"process_count: expected {len(groups)} (one a group of {self.name}) to {MAX_PROCESSES}, got {count}",
                field="process_count",
            )
        counts = _shares(count, [group.count for group in groups])
        return replace(self, processes=tuple(_resized(group, size) for group, size in zip(groups, counts, strict=True)))

    def with_churn_rate(self, starts_per_second: float) -> Self:
        """Return the profile with this many starts a second; 0 takes the churn out, a profile without gets some.

        Raises:
            ProfileInvalidError: out of range, or above the profile's limit of processor use.
        """
        if starts_per_second == 0:
            return replace(self, churn=None)
        churn = self.churn or Churn(name="loadsim-job", starts_per_second=1, lifetime_seconds=2)
        changed = fields.within("churn", starts_per_second, lambda rate: replace(churn, starts_per_second=rate))
        return replace(self, churn=changed)


def _shares(total: int, weights: list[int]) -> list[int]:
    """Return whole shares of `total`, each at least 1, by largest remainder."""
    rest = total - len(weights)
    exact = [rest * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda index: shares[index] - exact[index])
    for index in order[: rest - sum(shares)]:
        shares[index] += 1
    return [share + 1 for share in shares]


def _resized(group: ProcessGroup, count: int) -> ProcessGroup:
    factor = group.count / count
    spike = group.spike and replace(
        group.spike, every_seconds=min(86_400.0, max(group.spike.seconds, group.spike.every_seconds / factor))
    )
    return replace(group, count=count, cpu_percent=min(100.0, group.cpu_percent * factor), spike=spike)
