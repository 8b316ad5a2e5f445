"""What the collector itself used: processor time, memory, and the seconds of an arm's own processors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.decide.arms.readings import runs, steps


@dataclass(frozen=True, slots=True)
class CollectorUse:
    """What a collector used over some time.

    Attributes:
        seconds: how long it was watched.
        cpu_percent: of one core.
        memory_bytes: resident, the mean of the reports.
        memory_bytes_most: the highest report.
    """

    seconds: float
    cpu_percent: float
    memory_bytes: int
    memory_bytes_most: int

    def as_dict(self) -> dict[str, float]:
        """Return the JSON form."""
        return {
            "seconds": round(self.seconds, 3),
            "cpu_percent": round(self.cpu_percent, 3),
            "memory_bytes": self.memory_bytes,
            "memory_bytes_most": self.memory_bytes_most,
        }


def collector_use(readings: Sequence[OwnReading]) -> CollectorUse | None:
    """Return what one collector used; None when it was not watched over any time.

    The counter of processor time is the process's: it goes on over a reload and begins again with a new process, so a
    step in which it falls is left out.
    """
    watched = [step for run in runs(readings) for step in steps(run) if step.rise(lambda it: it.cpu_seconds) >= 0]
    seconds = sum(step.seconds for step in watched)
    if not seconds:
        return None
    cpu = sum(step.rise(lambda it: it.cpu_seconds) for step in watched)
    memory = [reading.memory_bytes for reading in readings]
    return CollectorUse(seconds, 100 * cpu / seconds, sum(memory) // len(memory), max(memory))


def processor_seconds(readings: Iterable[OwnReading], processors: Sequence[str]) -> float:
    """Return the seconds that some processors of one collector worked, over all of its starts.

    Each start counts from its first report, so what came before is left out.
    """

    def spent(reading: OwnReading) -> float:
        return sum(reading.processors[name].seconds for name in processors if name in reading.processors)

    return sum(step.rise(spent) for run in runs(readings) for step in steps(run))
