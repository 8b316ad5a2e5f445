"""The receiver block that every template shares, and what every pipeline begins and ends with.

One block for all keeps the arms of an experiment paired, and lets one capture stand in for the receivers of any
template. The recorder uses it too.
"""

from collections.abc import Mapping
from typing import Any

from phoenix.core.units import format_duration

RECEIVER = "host_metrics"
HOST_IDENTITY = "resource_detection/host"

# Off by default in the scraper; the rest of what the catalogue reads is on. cpu.utilization is what top-k judges by.
OPTIONAL_METRICS = ("process.cpu.utilization", "process.open_file_descriptors", "process.threads")
METRICS = (
    "process.cpu.time",
    "process.cpu.utilization",
    "process.disk.io",
    "process.memory.usage",
    "process.memory.virtual",
    "process.open_file_descriptors",
    "process.threads",
)


def receivers(interval_seconds: float, *, command_line: bool = False) -> dict[str, Any]:
    """Return the receivers of a collector config: the process scraper with every metric that any template needs.

    Errors about single processes are muted: without root or capabilities there are some at every scrape, and what can
    be read is sent all the same.
    """
    scraper = {
        "mute_process_all_errors": True,
        "metrics": {name: {"enabled": True} for name in OPTIONAL_METRICS},
        "resource_attributes": {"process.command_line": {"enabled": command_line}},
    }
    return {RECEIVER: {"collection_interval": format_duration(interval_seconds), "scrapers": {"process": scraper}}}


def memory_limiter(limit_mib: int) -> Mapping[str, Any]:
    """Return the processor that comes first."""
    return {"check_interval": "1s", "limit_mib": limit_mib, "spike_limit_mib": limit_mib // 5}


def host_identity() -> Mapping[str, Any]:
    """Return the processor that names the host.

    `override: false`: a host name that is there already stands, as in a capture of another host. No DNS is asked.
    """
    return {
        "detectors": ["system"],
        "override": False,
        "system": {
            "hostname_sources": ["os"],
            "resource_attributes": {"host.name": {"enabled": True}, "os.type": {"enabled": False}},
        },
    }
