"""The config that the collector records with: one receiver, host identity, and the file exporter into our pipe."""

import json
from collections.abc import Mapping
from typing import Any

from phoenix.collector.catalogue.source import HOST_IDENTITY, RECEIVER, host_identity
from phoenix.core.units import format_duration


def recording_config(receiver: Mapping[str, Any], *, interval_seconds: float, path: str) -> str:
    """Return the collector config as JSON, which is YAML.

    The first scrape comes at once, the receiver's other settings stand. Host identity is set here, as every pipeline
    of the catalogue sets it, so that a replay elsewhere changes nothing. The collector's own metrics are off: they
    would open a port, and another collector may have it.

    Args:
        receiver: the body of the `host_metrics` receiver.
        interval_seconds: between scrapes.
        path: where the exporter writes.
    """
    scraping = {"collection_interval": format_duration(interval_seconds), "initial_delay": "0s"}
    pipeline = {"receivers": [RECEIVER], "processors": [HOST_IDENTITY], "exporters": ["file"]}
    return json.dumps(
        {
            "receivers": {RECEIVER: {**receiver, **scraping}},
            "processors": {HOST_IDENTITY: host_identity()},
            "exporters": {"file": {"path": path, "format": "proto", "flush_interval": "100ms"}},
            "service": {
                "pipelines": {"metrics": pipeline},
                "telemetry": {"metrics": {"level": "none"}, "logs": {"level": "warn"}},
            },
        }
    )
