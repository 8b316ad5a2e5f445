"""Remembers since when nothing came from a host, by a clock that nobody sets.

It is memory on purpose: after a restart of the server everything has just been heard of, so its own absence is never
held against a host.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from phoenix.core.ids import ExperimentId, HostId


@dataclass(slots=True)
class _Heard:
    value: tuple[int, ...]
    at: float


@dataclass(slots=True)
class _Memory:
    began: float
    heard: dict[HostId, _Heard] = field(default_factory=dict)
    unhealthy: dict[HostId, float] = field(default_factory=dict)
    came_back: float | None = None
    evaluated: float | None = None


class Quiet:
    """What one process has heard of the hosts of experiments.

    Args:
        quiet_seconds: how long silence goes unnoticed.
    """

    def __init__(self) -> None:
        self._memories: dict[ExperimentId, _Memory] = {}

    def forget(self, others: Iterable[ExperimentId]) -> None:
        """Forget every experiment but these."""
        kept = set(others)
        self._memories = {name: memory for name, memory in self._memories.items() if name in kept}

    def due(self, experiment: ExperimentId, now: float, every: float) -> bool:
        """Return whether it is time to look at an experiment again, and take note that it is done."""
        memory = self._memory(experiment, now)
        if memory.evaluated is not None and now - memory.evaluated < every:
            return False
        memory.evaluated = now
        return True

    def hear(
        self, experiment: ExperimentId, freshness: Mapping[HostId, tuple[int, ...]], now: float, *, noticed: float
    ) -> dict[HostId, float]:
        """Return for how long nothing has come from each host, seconds, given what changes when something comes.

        A silence longer than `noticed` that ends makes everything settle for a while.
        """
        memory = self._memory(experiment, now)
        for host, value in freshness.items():
            known = memory.heard.get(host)
            if known is None:
                memory.heard[host] = _Heard(value, now)
            elif known.value != value:
                if now - known.at > noticed:
                    memory.came_back = now
                memory.heard[host] = _Heard(value, now)
        return {host: now - memory.heard[host].at for host in freshness}

    def settling(self, experiment: ExperimentId, now: float, seconds: float) -> bool:
        """Return whether this process has begun to listen, or telemetry has come back, less than `seconds` ago."""
        memory = self._memory(experiment, now)
        return now - (memory.began if memory.came_back is None else memory.came_back) < seconds

    def unhealthy(self, experiment: ExperimentId, host: HostId, now: float, *, healthy: bool) -> float:
        """Return for how long a host has been unhealthy, seconds; 0 when it is healthy."""
        memory = self._memory(experiment, now)
        if healthy:
            memory.unhealthy.pop(host, None)
            return 0.0
        return now - memory.unhealthy.setdefault(host, now)

    def _memory(self, experiment: ExperimentId, now: float) -> _Memory:
        return self._memories.setdefault(experiment, _Memory(now))
