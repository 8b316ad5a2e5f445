"""Which component types a collector has, and which signals each can carry.

Every binary lists its own (`otelcol components`); the list of the collector Phoenix builds is kept here for checks that
run without a binary, and a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import yaml

from phoenix.collector.config.names import ALIASES, SIGNALS, Kind, canonical
from phoenix.core.errors import InvalidError

_ALL: Final = frozenset(SIGNALS)
_METRICS: Final = frozenset({"metrics"})


class ComponentListError(InvalidError):
    """What a binary lists as its components cannot be read."""

    code = "COLLECTOR_COMPONENTS_UNREADABLE"
    user_action = "Name an OpenTelemetry Collector whose `components` command works."


@dataclass(frozen=True, slots=True)
class ComponentTypes:
    """The components built into a collector.

    Attributes:
        version: such as "0.160.0"; empty when the binary does not say.
        signals: for each kind and type the signals it carries; for a connector pairs such as "metrics-to-logs".
    """

    version: str
    signals: Mapping[Kind, Mapping[str, frozenset[str]]]

    @classmethod
    def parse(cls, listing: str) -> Self:
        """Return what the output of `components` says.

        Raises:
            ComponentListError: it is not that output.
        """
        try:
            data = yaml.load(listing, Loader=yaml.CSafeLoader)
            signals = {
                kind: {entry["name"]: _supported(entry["stability"]) for entry in data[kind.value] or ()}
                for kind in Kind
            }
            version = str(data["buildinfo"]["version"])
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            begins = listing.strip()[:60] or "nothing"
            raise ComponentListError(f"its list of components cannot be read: it says {begins!r}") from error
        return cls(version, signals)

    def knows(self, kind: Kind, type_name: str) -> bool:
        """Return whether a config for this collector may say `type_name`, which may be an old name."""
        return type_name in self.signals[kind] or canonical(kind, type_name) in self.signals[kind]

    def names(self, kind: Kind) -> list[str]:
        """Return every name this collector knows for a kind, old ones too, sorted."""
        own = self.signals[kind]
        return sorted({*own, *(old for old, new in ALIASES[kind].items() if new in own)})

    def carries(self, kind: Kind, type_name: str) -> frozenset[str]:
        """Return the signals (or pairs) of a type; every one when the type is not known."""
        own = self.signals[kind]
        return own.get(type_name) or own.get(canonical(kind, type_name)) or _ALL


def _supported(stability: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(signal for signal, level in stability.items() if level != "Undefined")


BUILT: Final = ComponentTypes(
    "0.160.0",
    {
        Kind.RECEIVERS: {"host_metrics": frozenset({"metrics", "logs"}), "otlp": _ALL, "prometheus": _METRICS},
        Kind.PROCESSORS: {
            **dict.fromkeys(("attributes", "batch", "filter", "groupbyattrs", "memory_limiter"), _ALL),
            **dict.fromkeys(("resource", "resource_detection", "transform"), _ALL),
            **dict.fromkeys(("cumulative_to_delta", "delta_to_cumulative", "delta_to_rate", "interval"), _METRICS),
            **dict.fromkeys(("metric_start_time", "metrics_transform", "metricsgeneration"), _METRICS),
        },
        Kind.EXPORTERS: {
            **dict.fromkeys(("debug", "file", "nop", "otlp_grpc", "otlp_http"), _ALL),
            **dict.fromkeys(("prometheus", "prometheus_remote_write"), _METRICS),
        },
        Kind.CONNECTORS: {
            "count": frozenset({"logs-to-metrics", "metrics-to-metrics", "traces-to-metrics"}),
            "forward": frozenset({"logs-to-logs", "metrics-to-metrics", "traces-to-traces"}),
        },
        Kind.EXTENSIONS: dict.fromkeys(("file_storage", "health_check", "opamp"), frozenset({"extension"})),
    },
)
