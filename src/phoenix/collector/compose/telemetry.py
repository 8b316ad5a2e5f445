"""The collector's own metrics in a generated config: our reader beside the user's, and the revision it runs.

A collector whose config names no readers opens localhost:8888, which two collectors on one host cannot both have. With
ours in the list that default is gone, so nothing is listened on that the user did not name.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from phoenix.collector.compose.errors import ConfigNotWrittenOutError, TelemetryUnsupportedError
from phoenix.collector.compose.meters import authorization, literal
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.parts import ConfigParts
from phoenix.collector.compose.text import copied
from phoenix.collector.config.document import ConfigPath
from phoenix.core.ids import RevisionId

REVISION_KEY: Final = "phoenix.revision"
OWN_PATH: Final = "/otlp/own/v1/metrics"

_METRICS: Final[ConfigPath] = ("service", "telemetry", "metrics")
_RESOURCE: Final[ConfigPath] = ("service", "telemetry", "resource")
_LEVEL: Final = "detailed"
_ADDRESS: Final = re.compile(r"(?P<host>.*):(?P<port>\d+|\$\{[^}]+\})")
# A report that is not taken soon delays a stop or reload of the collector by this at most.
_REPORT_TIMEOUT_MILLISECONDS: Final = 3000
# What otelconf and the collector read in `resource` beside attributes.
_RESOURCE_SETTINGS: Final = frozenset({"schema_url", "attributes", "detectors", "detection/development"})


def set_telemetry(
    generated: dict[str, Any], parts: ConfigParts, endpoint: PhoenixEndpoint, revision: RevisionId
) -> list[str]:
    """Put our reader, the level it needs and the revision marker into `generated`; return notes for the user.

    Raises:
        ConfigNotWrittenOutError: `service.telemetry` or a part of it is not written out.
        TelemetryUnsupportedError: an address or a resource that cannot be kept.
    """
    notes: list[str] = []
    service = generated["service"] = dict(generated.get("service") or {})
    telemetry = copied(parts.mapping_at(("service", "telemetry")))
    telemetry["metrics"] = _metrics(parts, endpoint, notes)
    telemetry["resource"] = {**_resource(parts, notes), REVISION_KEY: str(revision)}
    service["telemetry"] = telemetry
    return notes


def _metrics(parts: ConfigParts, endpoint: PhoenixEndpoint, notes: list[str]) -> dict[str, Any]:
    metrics = copied(parts.mapping_at(_METRICS))
    readers = metrics.get("readers") or []
    if not isinstance(readers, list):
        raise ConfigNotWrittenOutError.at(parts.document, (*_METRICS, "readers"), "the readers are not a list")
    if "address" in metrics:
        readers = [*readers, _address_reader(parts, metrics.pop("address"))]
        notes.append("service::telemetry::metrics::address, which collectors take no more, became a reader.")
    elif not readers:
        notes.append("The collector's own metrics go to Phoenix; its default endpoint localhost:8888 is not opened.")
    kept = [_as_v03(reader) for reader in readers if not _is_ours(reader)]
    level = metrics.get("level")
    if level not in (None, _LEVEL):
        notes.append(f"The level of the collector's own metrics was raised from {level} to {_LEVEL}.")
    if metrics.get("views"):
        notes.append("The views of the collector's own metrics also decide what Phoenix sees of them.")
    return {**metrics, "level": _LEVEL, "readers": [*kept, _reader(endpoint)]}


def _reader(endpoint: PhoenixEndpoint) -> dict[str, Any]:
    otlp = {
        "protocol": "http/protobuf",
        "endpoint": f"{literal(endpoint.url)}{OWN_PATH}",
        "headers": [{"name": "Authorization", "value": authorization(endpoint)}],
        "compression": "gzip",
        "temporality_preference": "cumulative",
        "timeout": _REPORT_TIMEOUT_MILLISECONDS,
    }
    interval = round(endpoint.own_interval_seconds * 1000)
    return {
        "periodic": {"interval": interval, "timeout": _REPORT_TIMEOUT_MILLISECONDS, "exporter": {"otlp": otlp}},
    }


def _is_ours(reader: Any) -> bool:
    """Return whether a reader came from an earlier generated config."""
    otlp = _otlp_of(reader)
    return otlp is not None and str(otlp.get("endpoint") or "").endswith(OWN_PATH)


def _as_v03(reader: Any) -> Any:
    """Return a reader with its headers as a list, as ours has them.

    The collector reads all readers by the present format or all by the one before it, where headers are a mapping.
    """
    otlp = _otlp_of(reader)
    if otlp is not None and isinstance(otlp.get("headers"), Mapping):
        otlp["headers"] = [{"name": name, "value": value} for name, value in otlp["headers"].items()]
    return reader


def _otlp_of(reader: Any) -> dict[str, Any] | None:
    found = reader
    for key in ("periodic", "exporter", "otlp"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _address_reader(parts: ConfigParts, address: Any) -> dict[str, Any]:
    found = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        raise TelemetryUnsupportedError.at(parts.document, (*_METRICS, "address"), "this is not host:port")
    port = found["port"]
    prometheus = {"host": found["host"] or "0.0.0.0", "port": int(port) if port.isdigit() else port}  # noqa: S104 as said
    return {"pull": {"exporter": {"prometheus": prometheus}}}


def _resource(parts: ConfigParts, notes: list[str]) -> dict[str, Any]:
    """Return the telemetry resource with its attributes as plain keys.

    The supervisor adds its own that way, and the collector refuses both forms in one config.
    """
    resource: dict[str, Any] = copied(parts.mapping_at(_RESOURCE))
    listed = resource.pop("attributes", None) or []
    if not isinstance(listed, list):
        raise ConfigNotWrittenOutError.at(parts.document, (*_RESOURCE, "attributes"), "the attributes are not a list")
    for index, attribute in enumerate(listed):
        name = attribute.get("name") if isinstance(attribute, dict) else None
        value = attribute.get("value") if isinstance(attribute, dict) else None
        if not isinstance(name, str) or name in _RESOURCE_SETTINGS or isinstance(value, dict | list):
            path = (*_RESOURCE, "attributes", index)
            raise TelemetryUnsupportedError.at(parts.document, path, "this attribute is not a name with one value")
        if value is not None and not isinstance(value, str):
            notes.append(f"Attribute {name} of the collector's own telemetry became a text.")
            value = str(value).lower() if isinstance(value, bool) else str(value)
        resource[name] = value
    return resource
