"""What a file exporter wrote, also by collectors that were killed while they wrote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BEGINS = b'{"resourceMetrics"'


def exported_requests(production: Path) -> Iterator[dict[str, Any]]:
    """Yield every whole request.

    A collector that is killed may leave half of one, and the next collector goes on in the same line.
    """
    text = production.read_bytes() if production.exists() else b""
    for line in text[: text.rfind(b"\n") + 1].splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            if line.count(_BEGINS) > 1:
                yield json.loads(line[line.rindex(_BEGINS) :])


def points_of(request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
    """Yield resource, metric name and point of every point in a request."""
    for resource in request["resourceMetrics"]:
        for metric in (metric for scope in resource["scopeMetrics"] for metric in scope["metrics"]):
            for point in metric["gauge" if "gauge" in metric else "sum"]["dataPoints"]:
                yield resource["resource"], metric["name"], point


def times_of(production: Path) -> list[float]:
    """Return the time of each request, that of its latest point, in seconds since the epoch."""
    return [
        max(int(point["timeUnixNano"]) for _, _, point in points_of(request)) / 1e9
        for request in exported_requests(production)
    ]
