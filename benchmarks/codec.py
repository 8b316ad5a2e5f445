"""Points per second a core of the codec, protobuf and JSON lines, both ways, beside protobuf's own parser."""

import argparse
import io

from benchmarks.parts.support import POINTS_PER_PROCESS, best_seconds, process_like
from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.telemetry.codec import decode, encode, encoded_sizes
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.jsonlines import read_lines, write_lines
from phoenix.telemetry.measure import measure


def main(arguments: list[str]) -> None:
    """Print a line for each step: points a second, and how that compares with protobuf's parser (upb)."""
    parser = argparse.ArgumentParser(prog="codec", description=__doc__)
    parser.add_argument("--processes", type=int, default=500)
    parser.add_argument("--scrapes", type=int, default=40)
    options = parser.parse_args(arguments)
    requests = process_like(options.processes, options.scrapes)
    points = options.processes * options.scrapes * POINTS_PER_PROCESS
    capture = decode(requests)
    assert encode(capture) == requests
    parsed = [ExportMetricsServiceRequest.FromString(request) for request in requests]
    lines = b"".join(write_lines(capture))
    assert list(read_lines(io.BytesIO(lines))) == requests
    upb = best_seconds(lambda: [ExportMetricsServiceRequest.FromString(request) for request in requests])
    sizes = f"{sum(map(len, requests)) / points:.0f} bytes each, {len(lines) / points:.0f} in JSON"
    print(f"{points:,} points in {sizes}; best of five runs, one core\n")
    print(f"{'':44}{'points/s':>14}{'of upb':>10}")
    for name, work, part in (
        ("protobuf's own parse (upb), into messages", None, 1.0),
        ("protobuf's own serialize", lambda: [message.SerializeToString() for message in parsed], 1.0),
        ("decode: protobuf into columns", lambda: decode(requests), 1.0),
        ("encode: columns into protobuf", lambda: encode(capture), 1.0),
        ("encoded_sizes", lambda: encoded_sizes(capture), 1.0),
        ("index_series", lambda: index_series(capture), 1.0),
        ("measure, with identity and totals", lambda: measure(capture), 1.0),
        ("read JSON lines into columns", lambda: decode(list(read_lines(io.BytesIO(lines)))), 1.0),
        ("write columns as JSON lines", lambda: list(write_lines(capture)), 1.0),
        (
            "protobuf's own JSON parse",
            lambda: json_format.Parse(lines[: lines.index(b"\n")], ExportMetricsServiceRequest()),
            1 / len(requests),
        ),
    ):
        seconds = (best_seconds(work) if work else upb) / part
        print(f"{name:44}{points / seconds:14,.0f}{upb / seconds:10.2f}")
