"""Captures of millions of points, made from one scrape by repeating its columns: seconds instead of minutes."""

from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.parts.support import POINTS_PER_PROCESS, process_like
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, Nodes, PointKind
from phoenix.telemetry.codec import decode

_INTERVAL = 10 * 10**9
# Some that the catalogue calls critical, high and low, and many that it does not know.
_NAMES = ("nginx", "postgres", "python3", "node", "bash", "sleep", *(f"service-{number}" for number in range(34)))


def process_capture(points: int, *, processes: int = 500) -> Capture:
    """Return at least `points` points: a request a scrape every 10 s, 17 points of each process, values that rise."""
    scrapes = -(-points // (processes * POINTS_PER_PROCESS))
    return stretched(decode(process_like(processes, 1, _NAMES)), scrapes)


def in_small_requests(capture: Capture, requests: int) -> Capture:
    """Return the same points in about so many requests, each with a few resources."""
    nodes = capture.resources
    batch = (np.arange(len(nodes), dtype=np.int64) * requests // len(nodes)).astype(np.int32)
    position = np.arange(len(nodes)) - np.searchsorted(batch, batch)
    resources = replace(nodes, batch=batch, parent=batch, position=position.astype(np.int32))
    scopes = replace(capture.scopes, batch=batch[capture.scopes.parent])
    metrics = replace(capture.metrics, batch=scopes.batch[capture.metrics.parent])
    times = np.zeros(int(batch[-1]) + 1, dtype=np.uint64)
    return replace(capture, batches=times, resources=resources, scopes=scopes, metrics=metrics)


def stretched(scrape: Capture, scrapes: int) -> Capture:
    """Return `scrapes` scrapes, each like the one given, later and with larger values."""
    points = scrape.points
    step = np.repeat(np.arange(scrapes, dtype=np.int64), len(points))
    metric = np.tile(points.metric, scrapes)
    metric += (step * len(scrape.metrics)).astype(np.int32)
    kind = np.tile(points.kind, scrapes)
    number = np.tile(np.arange(len(points)), scrapes)
    bits = np.tile(points.bits, scrapes)
    doubles = np.round(bits.view(np.float64) + step * (0.01 + number % 97 / 100), 2)
    bits = np.where(kind == PointKind.DOUBLE, doubles.view(np.int64), bits + step * (4096 + number % 89))
    return Capture(
        batches=np.zeros(scrapes, dtype=np.uint64),
        resources=_repeated(scrape.resources, scrapes, 1),
        scopes=_repeated(scrape.scopes, scrapes, len(scrape.resources)),
        metrics=_repeated(scrape.metrics, scrapes, len(scrape.scopes)),
        points=replace(
            points,
            metric=_frozen(metric),
            attributes=_frozen(np.tile(points.attributes, scrapes)),
            start_time=_frozen(np.tile(points.start_time, scrapes)),
            time=_frozen(np.tile(points.time, scrapes) + (step * _INTERVAL).astype(np.uint64)),
            flags=_frozen(np.tile(points.flags, scrapes)),
            kind=_frozen(kind),
            bits=_frozen(bits),
            rest=_frozen(np.tile(points.rest, scrapes)),
        ),
        origin=scrape.origin,
    )


def _repeated(nodes: Nodes, scrapes: int, parents: int) -> Nodes:
    step = np.repeat(np.arange(scrapes, dtype=np.int32), len(nodes))
    return replace(
        nodes,
        batch=_frozen(step),
        parent=_frozen(np.tile(nodes.parent, scrapes) + step * np.int32(parents)),
        position=_frozen(np.tile(nodes.position, scrapes)),
        value=_frozen(np.tile(nodes.value, scrapes)),
    )


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
