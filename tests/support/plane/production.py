"""What a host's production exporter wrote: nothing twice, nothing missing."""

import itertools
from collections import Counter
from pathlib import Path

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.importing import read_requests


def written(production: Path) -> Capture:
    """Return what is in a file exporter's file; a line that is still being written is left out."""
    lines = production.read_bytes()
    whole = production.with_suffix(".whole")
    whole.write_bytes(lines[: lines.rfind(b"\n") + 1])
    requests = list(read_requests(whole))
    return decode(requests, received_at=[0] * len(requests))


def twice(production: Path) -> int:
    """Return how many points stand more than once: the same series at the same time."""
    capture = written(production)
    index = index_series(capture)
    pairs = Counter(zip(index.ids.tolist(), capture.points.time.tolist(), strict=True))
    return sum(count - 1 for count in pairs.values() if count > 1)


def longest_gap(times: list[float]) -> float:
    """Return the longest time between two neighbours, seconds."""
    return max((after - before for before, after in itertools.pairwise(times)), default=0.0)
