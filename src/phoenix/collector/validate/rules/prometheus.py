"""Prometheus labels keep what tells processes apart."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.pipelines import Component, items, mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity

COLLAPSES: Final = Code(
    "PROMETHEUS_COLLAPSES_PROCESSES",
    Severity.ERROR,
    "A process's identity is in its resource, which Prometheus exporters put in target_info only: all processes of a"
    " host become one series.",
    "Say resource_to_telemetry_conversion: {enabled: true} on this exporter (or, for prometheus_remote_write,"
    " resource_constant_labels with the process attributes included).",
    "resource_to_telemetry_conversion and resource_constant_labels of prometheus exporters",
)
CODES: Final = (COLLAPSES,)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the Prometheus exporters that lose the identity of processes."""
    for route in context.routes:
        if not route.reads_processes or route.has(Deed.GROUPS, Deed.DROPS_PID):
            continue
        for reference, exporter in route.exporters:
            if exporter.type in ("prometheus", "prometheus_remote_write") and not _keeps_resource(exporter):
                message = f"{exporter.key} makes one series of all processes of a host"
                yield COLLAPSES.at(context.place(reference.path), message)


def _keeps_resource(exporter: Component) -> bool:
    constant = mapping(exporter.settings.get("resource_constant_labels"))
    conversion = mapping(exporter.settings.get("resource_to_telemetry_conversion"))
    return bool(conversion.get("enabled") or items(constant.get("included")) or items(conversion.get("included")))
