"""A `host_metrics` receiver as a test needs it, without the catalogue."""

from typing import Any

_OPTIONAL = (
    "process.cpu.utilization",
    "process.memory.utilization",
    "process.threads",
    "process.open_file_descriptors",
    "process.paging.faults",
    "process.context_switches",
    "process.disk.operations",
    "process.uptime",
)


def process_receiver(**scraper: Any) -> dict[str, Any]:
    """Return the body of a receiver that scrapes every process with all metrics; keywords go to the scraper."""
    metrics = {name: {"enabled": True} for name in _OPTIONAL}
    return {"scrapers": {"process": {"mute_process_all_errors": True, "metrics": metrics, **scraper}}}
