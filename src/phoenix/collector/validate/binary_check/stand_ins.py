"""What stands in for the host while the binary checks a config: values for `${env:NAME}`, folders that must exist.

The user's text goes to the binary as it is; folders are overridden by a second config that the collector merges over
it. Everything that stands in is also listed, since only the host can prove it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.expansion import Expansion, expansions
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, ConfigView, mapping
from phoenix.collector.validate.finding import HostNeed

# Settings that the binary's own check looks for on disk.
_FOLDERS: Final[Mapping[tuple[Kind, str], tuple[ConfigPath, ...]]] = {
    (Kind.EXTENSIONS, "file_storage"): (("directory",), ("compaction", "directory")),
    (Kind.RECEIVERS, "host_metrics"): (("root_path",),),
}
_ALWAYS: Final = {("directory",)}
_BY_KEY: Final = (
    (re.compile(r"(?:interval|timeout|delay|duration|staleness|expiration|period|max_age|ttl|_time)$"), "30s"),
    (
        re.compile(r"(?:_mib|_bytes|size|count|limit|percentage|port|workers|consumers|retries|level)$|^(?:num|max)_"),
        "10",
    ),
    (re.compile(r"(?:enabled|insecure|insecure_skip_verify|_only|create_directory)$"), "true"),
)
# A word that stands in when nothing better is known; it shows in messages about values only the host knows.
PLACEHOLDER: Final = "phoenix_placeholder"
_URL_EXPORTERS: Final = {"otlp_http", "prometheus_remote_write"}


def environment(view: ConfigView) -> dict[str, str]:
    """Return a value for every environment variable the config needs; those with a default keep it."""
    values: dict[str, str] = {}
    for asked in sorted(expansions(view.document), key=lambda found: not found.whole):
        if asked.scheme == "env" and asked.default is None:
            values.setdefault(asked.name, _value(view, asked))
    return values


def _value(view: ConfigView, asked: Expansion) -> str:
    key = next((step for step in reversed(asked.path) if isinstance(step, str)), "")
    if not asked.whole:
        text = str(_at(view.document.data, asked.path))
        before = text[: asked.offset]
        if re.search(r"[\w\]}]:$", before) or "PORT" in asked.name.upper():
            return "4317"
        host = not before and text.find(":", text.find("}", asked.offset)) > 0
        return "127.0.0.1" if host or before.endswith("://") else PLACEHOLDER
    if key.endswith(("endpoint", "url")):
        exporter = view.components.get((Kind.EXPORTERS, str(asked.path[1]))) if len(asked.path) > 1 else None
        url = key.endswith("url") or (exporter is not None and exporter.type in _URL_EXPORTERS)
        return "http://127.0.0.1:4318" if url else "127.0.0.1:4317"
    return next((value for pattern, value in _BY_KEY if pattern.search(key)), PLACEHOLDER)


def _at(data: Any, path: ConfigPath) -> Any:
    for step in path:
        data = data[step]
    return data


def folders(view: ConfigView) -> str:
    """Return the config that is merged over the user's: every folder that must exist becomes the sandbox's own."""
    override: dict[str, dict[str, Any]] = {}
    for component in view.components.values():
        for path in _FOLDERS.get((component.kind, component.type), ()):
            if path in _ALWAYS or _has(component.settings, path):
                settings: dict[str, Any] = override.setdefault(component.kind.value, {}).setdefault(component.key, {})
                for step in path[:-1]:
                    settings = settings.setdefault(str(step), {})
                settings[str(path[-1])] = "."
    return json.dumps(override)


def _has(settings: Mapping[str, Any], path: ConfigPath) -> bool:
    for step in path[:-1]:
        settings = mapping(settings.get(str(step)))
    return path[-1] in settings


def host_needs(view: ConfigView) -> tuple[HostNeed, ...]:
    """Return what only the host can know: variables, ports, endpoints, files and folders, in the order of the text."""
    needs = [*_variables(view.document), *_paths_and_endpoints(view)]
    return tuple(sorted(dict.fromkeys(needs), key=lambda need: (need.place, need.kind, need.name)))


def _variables(document: ConfigDocument) -> Iterator[HostNeed]:
    for asked in expansions(document):
        if asked.scheme == "env":
            default = "" if asked.default is None else f" (default {asked.default!r})"
            place = document.locate_within(asked.path, asked.offset)
            yield HostNeed("environment variable", f"{asked.name}{default}", place)


def _paths_and_endpoints(view: ConfigView) -> Iterator[HostNeed]:
    for path, scalar in view.document.scalars():
        if len(path) < 3 or not isinstance(scalar.value, str) or path[0] not in list(Kind):
            continue
        component = view.components.get((Kind(str(path[0])), str(path[1])))
        kind = _need(component, path) if component else None
        if kind and scalar.value:
            yield HostNeed(kind, scalar.value, view.document.locate(path))


def _need(component: Component, path: ConfigPath) -> str | None:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if key.endswith("endpoint"):
        listens = component.kind is Kind.RECEIVERS or component.type in ("prometheus", "health_check")
        return "port" if listens else "endpoint"
    if key.endswith("_file") or (component.type == "file" and key == "path"):
        return "file"
    return "folder" if key in ("directory", "root_path") else None
