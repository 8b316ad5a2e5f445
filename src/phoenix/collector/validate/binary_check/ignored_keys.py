"""Keys that the collector accepts and takes no notice of.

Since 0.160 every component with HTTP settings, and host_metrics, decodes them so that unknown keys are dropped without
a word (confighttp's Unmarshal with WithIgnoreUnused). What the binary prints as its effective config lacks them. It
lacks some known keys too (old places of settings that moved), so only a key that looks like a mistyped one is told.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import ConfigView, mapping
from phoenix.collector.validate.binary_check.codes import KEY_IGNORED
from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.suggest import did_you_mean

_LENIENT: Final = {
    (Kind.EXPORTERS, "otlp_http"),
    (Kind.EXPORTERS, "prometheus"),
    (Kind.EXPORTERS, "prometheus_remote_write"),
    (Kind.RECEIVERS, "host_metrics"),
}
# Settings that the binary reads and does not print, or prints only when they are set.
_UNPRINTED: Final = ("scrapers", "endpoint", "headers", "tls", "auth", "root_path", "proxy_url")


def ignored_keys(view: ConfigView, effective: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the keys of lenient components that are missing in the effective config."""
    for component in view.components.values():
        printed = mapping(effective.get(component.kind.value)).get(component.key)
        if (component.kind, component.type) in _LENIENT and isinstance(printed, Mapping):
            yield from _missing(view, component.path, component.settings, printed)


def _missing(
    view: ConfigView, path: ConfigPath, given: Mapping[str, Any], printed: Mapping[str, Any]
) -> Iterator[Finding]:
    for key, value in given.items():
        below = printed.get(key)
        if key not in printed and key not in _UNPRINTED:
            near = did_you_mean(key, (*printed, *_UNPRINTED))
            if near:
                message = f'{path[1]} takes no notice of "{key}"{near}'
                yield KEY_IGNORED.at(view.document.locate((*path, key)), message)
        elif isinstance(value, Mapping) and isinstance(below, Mapping):
            yield from _missing(view, (*path, key), value, below)
