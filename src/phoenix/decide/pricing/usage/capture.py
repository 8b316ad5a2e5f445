"""The usage of a capture: exact identities, scrape by scrape. Called by the report."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.core.units import NANOSECONDS
from phoenix.decide.errors import CadenceInvalidError
from phoenix.decide.loss.observed import Observed
from phoenix.decide.pricing.usage.model import Stream, Usage
from phoenix.decide.pricing.usage.sightings import Sightings
from phoenix.telemetry.measure import flat_json_bytes
from phoenix.telemetry.window.shares import otlp_shares

_HOST_KEYS = ("host.name", "host.id")
# What another process, container, pod or instance never has again (semantic conventions of resources).
_OWN_IDS = ("process.pid", "container.id", "k8s.pod.uid", "service.instance.id")


@dataclass(frozen=True, slots=True)
class Scrapes:
    """The scrapes of a capture's input, which a baseline and its candidates share.

    Attributes:
        start: nanoseconds, half a scrape before the first point: a scrape's points lie around the middle of its slot.
        width: nanoseconds between two.
        count: how many.
        hosts: distinct hosts in them.
    """

    start: int
    width: int
    count: int
    hosts: int

    @classmethod
    def of(cls, observed: Observed, interval_seconds: float) -> "Scrapes":
        """Return the scrapes of an input; a single one is as wide as the pipeline's interval."""
        times = observed.time[observed.time != 0]
        first, last = (int(times.min()), int(times.max())) if len(times) else (0, 0)
        count = observed.scrapes
        width = (last - first) // (count - 1) if count > 1 else 0
        width = width or round(interval_seconds * NANOSECONDS)
        hosts = {tuple(str(resource.get(key, "")) for key in _HOST_KEYS) for resource in observed.resources.values()}
        return cls(first - width // 2, width, count, max(1, len(hosts)))

    @property
    def times(self) -> NDArray[np.int64]:
        """int64[count]: where the slot of each begins."""
        return self.start + self.width * np.arange(self.count, dtype=np.int64)

    def slot(self, time: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the number of the scrape of each point."""
        numbers: NDArray[np.int64] = (time.astype(np.int64) - self.start) // self.width
        return np.clip(numbers, 0, self.count - 1)


def usage_of_capture(
    observed: Observed, scrapes: Scrapes, *, interval_seconds: float, thins_by_clock: bool = False
) -> Usage:
    """Return the month of a pipeline's output, at the interval the pipeline really scrapes at.

    A capture is recorded fast (5 s) and a pipeline scrapes slowly (60 s): a scrape is what both share, so a month is
    the average scrape times the scrapes of 730 hours. What a processor thins by its own clock (`interval`) does not
    scale so: on a capture recorded at 5 s it drops eleven points of twelve that a pipeline at 60 s would never have
    made. Then points and bytes of a month are unknown.

    Args:
        observed: the output.
        scrapes: of the *input*: the same for a baseline and its candidates.
        interval_seconds: between two scrapes of the pipeline.
        thins_by_clock: see above.

    Raises:
        CadenceInvalidError: the interval is not positive.
    """
    if interval_seconds <= 0:
        raise CadenceInvalidError(f"scrapes at an interval of {interval_seconds} s make no month")
    if not scrapes.count:
        return Usage.unknown()
    names = tuple(sorted({metric.name for metric in observed.metrics.values()}))
    number = _numbers(observed, names)
    slot = scrapes.slot(observed.time)
    times = scrapes.times
    sightings = replace(_sightings(observed, number, times[slot], scrapes), scrape_seconds=interval_seconds)
    stream = Stream(times, interval_seconds, _tallies(observed, number, slot, (scrapes.count, len(names))))
    return Usage(names, sightings, None if thins_by_clock else (stream,), scrapes.hosts)


def _numbers(observed: Observed, names: tuple[str, ...]) -> NDArray[np.int32]:
    """Return int32[S]: the number of each series' metric name."""
    known = {name: number for number, name in enumerate(names)}
    table = np.zeros(len(observed.capture.metrics.values), dtype=np.int32)
    for row, metric in observed.metrics.items():
        table[row] = known[metric.name]
    return table[observed.metric]


def _sightings(observed: Observed, number: NDArray[np.int32], time: NDArray[np.int64], scrapes: Scrapes) -> Sightings:
    # Points come by series and time, so a pair that was seen already is the one before.
    fresh = np.ones(len(time), dtype=np.bool_)
    fresh[1:] = ~observed.follows[1:] | (time[1:] != time[:-1])
    series = observed.series[fresh]
    lasting = np.zeros(len(observed.capture.resources.values), dtype=np.bool_)
    for row, resource in observed.resources.items():
        lasting[row] = not any(key in resource for key in _OWN_IDS)
    source = observed.resource[series]
    return Sightings(
        scrapes.width / NANOSECONDS,
        scrapes.times,
        observed.hashes[series],
        time[fresh],
        number[series],
        source,
        lasting[source],
        max(1.0, len(observed) / max(1, len(np.unique(observed.resource)))),
    )


def _tallies(
    observed: Observed, number: NDArray[np.int32], slot: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.int64]:
    capture, row = observed.capture, observed.row
    place = slot * shape[1] + number[observed.series]
    weights = (None, otlp_shares(capture)[row], flat_json_bytes(capture)[row])
    counts = [np.bincount(place, weights=weight, minlength=shape[0] * shape[1]) for weight in weights]
    tallies: NDArray[np.int64] = np.stack(counts, axis=1).astype(np.int64).reshape(*shape, 3)
    return tallies
