"""Memory per million points of a capture: what its columns and values take, and what the process grew by."""

import argparse
import gc
import resource

import psutil
from benchmarks.parts.support import POINTS_PER_PROCESS, process_like

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode


def main(arguments: list[str]) -> None:
    """Print megabytes per million points: held by the capture, resident after decoding, and at the peak of it."""
    parser = argparse.ArgumentParser(prog="memory", description=__doc__)
    parser.add_argument("--processes", type=int, default=1000)
    parser.add_argument("--scrapes", type=int, default=60)
    options = parser.parse_args(arguments)
    requests = process_like(options.processes, options.scrapes)
    millions = options.processes * options.scrapes * POINTS_PER_PROCESS / 1e6
    encode(decode(requests[:1]))
    gc.collect()
    before = psutil.Process().memory_info().rss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    capture = decode(requests)
    grown = psutil.Process().memory_info().rss - before
    # The peak before decoding was higher than what was resident then, so this is the least it can have been.
    top = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - max(peak, before)
    print(f"{millions:.2f} million points, {sum(map(len, requests)) / 1e6:.0f} MB of requests\n")
    for name, count in (
        ("columns and values", held(capture)),
        ("resident after decoding", grown),
        ("at the peak", top),
    ):
        print(f"{name:28}{count / 1e6 / millions:8.1f} MB a million points")


def held(capture: Capture) -> int:
    """Return the bytes of a capture's arrays."""
    points = capture.points
    size = capture.batches.nbytes + points.attribute_values.nbytes + points.rest_values.nbytes
    for nodes in (capture.resources, capture.scopes, capture.metrics):
        size += (
            nodes.batch.nbytes + nodes.parent.nbytes + nodes.position.nbytes + nodes.value.nbytes + nodes.values.nbytes
        )
    for name in ("metric", "attributes", "start_time", "time", "flags", "kind", "bits", "rest"):
        size += getattr(points, name).nbytes
    return size
