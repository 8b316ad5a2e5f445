"""The processor resource_detection of collector 0.160.0: what it finds out of the machine, on every resource.

A replay detects on this machine, and so do we. Done are the detectors `system`, for the attributes host.name (as the
operating system says it), host.arch and os.type, and `env`, which finds nothing since a replay sets none of its
variables. Reference: processor/resourcedetectionprocessor, its internal/system and internal/env.
"""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from phoenix.collector.replay.plan import strings_in
from phoenix.engine.frame import Frame, Level
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.values.nodes import ResourceNode

# semconv v1.40.0, which internal/system names as the schema of what it detects.
SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.40.0"
_SECOND: Final = 10**9
_OURS: Final = ("detectors", "override", "refresh_interval", "fail_on_missing_metadata", "retry", "timeout", "system")
_DETECTORS: Final = (
    *("akamai", "aks", "alibaba_ecs", "azure", "azureappservice", "azurecontainerapps", "consul", "digitalocean"),
    *("docker", "dynatrace", "ec2", "ecs", "eks", "elastic_beanstalk", "env", "gcp", "heroku", "hetzner"),
    *("ibmcloud_classic", "ibmcloud_vpc", "k8s_api", "k8snode", "kubeadm", "lambda", "nova", "openshift"),
    *("oraclecloud", "scaleway", "system", "tencent_cvm", "upcloud", "vultr"),
)
_HTTP_KEYS: Final = (
    *("endpoint", "proxy_url", "tls", "read_buffer_size", "write_buffer_size", "headers", "auth", "compression"),
    *("compression_params", "max_idle_conns", "max_idle_conns_per_host", "max_conns_per_host", "idle_conn_timeout"),
    *("disable_keep_alives", "http2_read_idle_timeout", "http2_ping_timeout", "cookies", "force_attempt_http2"),
    *("middlewares", "keepalive"),
)
# Settings of what we don't do. Keys that nobody knows are overlooked here, other than anywhere else in a config.
_OTHERS: Final = frozenset({*_HTTP_KEYS, *_DETECTORS, "elasticbeanstalk"} - set(_OURS))
_SOURCES: Final = ("os", "dns", "cname", "lookup")
_ATTRIBUTES: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("host.arch", "host.cpu.cache.l2.size", "host.cpu.family", "host.cpu.model.id"), False),
    **dict.fromkeys(("host.cpu.model.name", "host.cpu.stepping", "host.cpu.vendor.id", "host.id"), False),
    **dict.fromkeys(("host.interface", "host.ip", "host.mac"), False),
    "host.name": True,
    **dict.fromkeys(("os.build.id", "os.description", "os.name"), False),
    "os.type": True,
    "os.version": False,
}
_SYSTEMS: Final = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_MACHINES: Final = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def build(config: ProcessorConfig) -> "ResourceDetection":
    """Return the pass for these settings (config.go)."""
    settings = Settings(config, (), config.settings)
    for key in _OTHERS.intersection(config.settings):
        raise settings.unsupported(f"option {key}", key)
    _check_retry(settings)
    settings.duration("refresh_interval")
    settings.boolean("fail_on_missing_metadata")
    system = _system(_section(settings, "system"))
    found: dict[str, str] = {}
    schema_url = ""
    detectors = settings.strings("detectors", ("env",))
    if not detectors:
        settings.refuse("resource detection failed: no detectors succeeded", "detectors")
    for index, name in enumerate(detectors):
        match name.strip():
            case "system":
                found |= {key: value for key, value in _detected(settings, system).items() if key not in found}
                schema_url = SCHEMA_URL
            case "env":
                if any("OTEL_RESOURCE" in text for text in strings_in(config.document.data)):
                    raise settings.unsupported("a variable that the detector env reads", "detectors", index)
            case known if known in _DETECTORS:
                raise settings.unsupported(f"detector {known}", "detectors", index)
            case unknown:
                settings.refuse(f"invalid detector key: {unknown}", "detectors", index)
    return ResourceDetection(found, schema_url, settings.boolean("override", default=True))


@dataclass(frozen=True, slots=True)
class ResourceDetection:
    """The pass.

    Attributes:
        found: the attributes detected.
        schema_url: of what was detected; "" when no detector names one.
        override: what was detected takes the place of what was there.
    """

    found: Mapping[str, str]
    schema_url: str
    override: bool

    def __call__(self, frame: Frame) -> Frame:
        """Return the frame with what was detected on every resource."""
        changed = frame.pools.resources.change(frame.resources.value, self._detected_on)
        return frame.with_value(Level.RESOURCE, changed)

    def _detected_on(self, node: ResourceNode) -> ResourceNode:
        attributes = node.attributes
        for key, value in self.found.items():
            if self.override or key not in attributes:
                attributes = attributes.put(key, value)
        if attributes is node.attributes and (node.schema_url or not self.schema_url):
            return node
        return replace(node, attributes=attributes, schema_url=node.schema_url or self.schema_url)


def _section(settings: Settings, key: str) -> Settings:
    given = settings.raw(key)
    return settings.section(key, *(given if isinstance(given, Mapping) else ()))


def _system(settings: Settings) -> Mapping[str, bool]:
    # Which attributes the detector `system` is to find. Checked whether the detector is used or not.
    sources = settings.strings("hostname_sources")
    for index, source in enumerate(sources):
        if source not in _SOURCES:
            settings.refuse(f'hostname_sources contains invalid value: "{source}"', "hostname_sources", index)
    section = _section(settings, "resource_attributes")
    wanted = {name: section.section(name, "enabled").boolean("enabled", default=on) for name, on in _ATTRIBUTES.items()}
    return {**wanted, "dns": (sources or ("dns",))[0] != "os"}


def _detected(settings: Settings, wanted: Mapping[str, bool]) -> Mapping[str, str]:
    if wanted["dns"]:
        # Without the option the collector asks DNS first.
        raise settings.unsupported("a host name from another source than os", "system", "hostname_sources")
    can = {"host.name": platform.node(), "os.type": _SYSTEMS.get(sys.platform)}
    can["host.arch"] = _MACHINES.get(platform.machine())
    found = {}
    for name in _ATTRIBUTES:
        if not wanted[name]:
            continue
        value = can.get(name)
        if not value:
            raise settings.unsupported(
                f"attribute {name} of the detector system", "system", "resource_attributes", name
            )
        found[name] = value
    return found


def _check_retry(settings: Settings) -> None:
    # configretry of 1.66.0, and Validate; nothing is retried, since nothing that we do fails.
    retry = _section(settings, "retry")
    longest = retry.duration("max_elapsed_time")
    first, most = retry.duration("initial_interval", _SECOND), retry.duration("max_interval", 30 * _SECOND)
    factor, multiplier = retry.number("randomization_factor", 0.5), retry.number("multiplier", 2)
    if 0 < longest < max(first, most):
        retry.refuse("'max_elapsed_time' must not be less than the intervals", "max_elapsed_time")
    checked = {"initial_interval": first, "max_elapsed_time": longest, "max_interval": most, "multiplier": multiplier}
    for name, value in (*checked.items(), ("randomization_factor", factor)):
        if value < 0:
            retry.refuse(f"{name} value must be greater than or equal to 0", name)
    if factor > 1:
        retry.refuse("randomization_factor value must be less than or equal to 1", "randomization_factor")
    unbounded = settings.duration("timeout", 5 * _SECOND) == 0 and longest == 0
    if retry.boolean("enabled", default=True) and unbounded:
        settings.refuse("retry.enabled requires either timeout > 0 or retry.max_elapsed_time > 0", "timeout")
