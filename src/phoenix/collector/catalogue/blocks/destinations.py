"""Where a rendered pipeline sends its metrics: an exporter each, with endpoint and key from the environment.

Every exporter keeps resource attributes on the series, without which all processes of a host would become one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Destination:
    """One place to send to.

    Attributes:
        exporter: component name.
        config: its configuration.
        environment: the variables that the collector must have.
        refuses: the temporality of counters that it does not take, "delta" or "cumulative"; empty when it takes both.
    """

    exporter: str
    config: Mapping[str, Any]
    environment: tuple[str, ...] = ()
    refuses: str = ""


def _http(endpoint: str, **headers: str) -> Mapping[str, Any]:
    return {"endpoint": endpoint, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}


DESTINATIONS: Mapping[str, Destination] = {
    "debug": Destination("debug", {"verbosity": "basic"}),
    "otlp": Destination(
        "otlp_http/otlp",
        _http("${env:OTLP_ENDPOINT}", authorization="${env:OTLP_AUTHORIZATION}"),
        ("OTLP_ENDPOINT", "OTLP_AUTHORIZATION"),
    ),
    "newrelic": Destination(
        "otlp_http/newrelic",
        _http("${env:NEW_RELIC_OTLP_ENDPOINT}", api_key="${env:NEW_RELIC_LICENSE_KEY}"),
        ("NEW_RELIC_OTLP_ENDPOINT", "NEW_RELIC_LICENSE_KEY"),
    ),
    # The gateway stores in Prometheus form, which has no delta counters.
    "grafana": Destination(
        "otlp_http/grafana",
        _http("${env:GRAFANA_OTLP_ENDPOINT}", authorization="${env:GRAFANA_OTLP_AUTHORIZATION}"),
        ("GRAFANA_OTLP_ENDPOINT", "GRAFANA_OTLP_AUTHORIZATION"),
        refuses="delta",
    ),
    # The intake takes delta counters only, and drops resource attributes unless told to make tags of them
    # (docs.datadoghq.com, "Datadog OTLP Metrics Intake Endpoint").
    "datadog-otlp": Destination(
        "otlp_http/datadog",
        {
            "metrics_endpoint": "${env:DD_OTLP_METRICS_ENDPOINT}",
            "headers": {
                "dd-api-key": "${env:DD_API_KEY}",
                "dd-otel-metric-config": '{"resource_attributes_as_tags": true}',
            },
        },
        ("DD_OTLP_METRICS_ENDPOINT", "DD_API_KEY"),
        refuses="cumulative",
    ),
    "prometheus-remote-write": Destination(
        "prometheus_remote_write",
        {
            "endpoint": "${env:PROMETHEUS_REMOTE_WRITE_ENDPOINT}",
            "headers": {"authorization": "${env:PROMETHEUS_REMOTE_WRITE_AUTHORIZATION}"},
            "resource_to_telemetry_conversion": {"enabled": True},
        },
        ("PROMETHEUS_REMOTE_WRITE_ENDPOINT", "PROMETHEUS_REMOTE_WRITE_AUTHORIZATION"),
        refuses="delta",
    ),
}
