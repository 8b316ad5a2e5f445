"""The usage of stored windows: hash sets and counts by metric, host by host. Called for the arms of an experiment."""

from collections.abc import Sequence

import numpy as np

from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.decide.pricing.usage.model import Stream, Usage
from phoenix.decide.pricing.usage.sightings import Sightings, distinct_pairs
from phoenix.telemetry.window.model import WindowMeasure

HostWindow = tuple[HostId, WindowMeasure]


def usage_of_windows(windows: Sequence[HostWindow]) -> Usage:
    """Return a month of these hosts at the rate of their windows, in any order; unknown when there is none.

    Each host goes on at its own rate. Series are unions over hosts and time; a set that was cut off at the meter's cap
    makes them unknown. A window keeps its series' hashes and not their metrics, so the share of some metrics in the
    series is taken to be their share in the points.
    """
    if not windows:
        return Usage.unknown()
    names = tuple(sorted({name for _, window in windows for name in window.metrics}))
    hosts = sorted({host for host, _ in windows})
    streams = tuple(_stream([window for its, window in windows if its == host], names) for host in hosts)
    truncated = any(window.series.truncated for _, window in windows)
    return Usage(names, None if truncated else _sightings(windows), streams, len(hosts))


def _stream(windows: Sequence[WindowMeasure], names: tuple[str, ...]) -> Stream:
    ordered = sorted(windows, key=lambda window: window.start)
    tallies = np.zeros((len(ordered), len(names), 3), dtype=np.int64)
    number = {name: place for place, name in enumerate(names)}
    for row, window in enumerate(ordered):
        for name, part in window.metrics.items():
            tallies[row, number[name]] = part.points, part.otlp_bytes, part.json_bytes
    return Stream(np.array([window.start for window in ordered], dtype=np.int64), ordered[0].seconds, tallies)


def _sightings(windows: Sequence[HostWindow]) -> Sightings:
    series = np.concatenate([window.series.hashes for _, window in windows])
    time = np.repeat(
        np.array([window.start for _, window in windows], dtype=np.int64),
        [len(window.series.hashes) for _, window in windows],
    )
    # Two hosts share a series only where host identity was lost; it counts once, as it would at a vendor.
    rows = distinct_pairs(series, time)
    parts = [part for _, window in windows for part in window.processes.values()]
    processes = sum(part.processes for part in parts)
    return Sightings(
        round(windows[0][1].seconds * NANOSECONDS) / NANOSECONDS,
        np.unique(np.array([window.start for _, window in windows], dtype=np.int64)),
        series[rows],
        time[rows],
        series_a_source=max(1.0, sum(part.series for part in parts) / processes) if processes else 1.0,
    )
