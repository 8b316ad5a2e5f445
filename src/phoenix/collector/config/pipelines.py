"""A config as components and pipelines, for whoever asks what flows where.

Lenient on purpose: what is malformed is left out here and reported by `validate.structure`, so every rule after it may
trust the shapes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.names import SIGNALS, ComponentId, Kind, canonical


@dataclass(frozen=True, slots=True)
class Component:
    """A component that the config defines.

    Attributes:
        kind: its section.
        key: its id as the user wrote it.
        type: the canonical type.
        settings: what is below it; empty when nothing is.
    """

    kind: Kind
    key: str
    type: str
    settings: Mapping[str, Any]

    @property
    def path(self) -> ConfigPath:
        """Where it is defined."""
        return (self.kind.value, self.key)


@dataclass(frozen=True, slots=True)
class Reference:
    """One name in a list of a pipeline, or among the extensions of the service."""

    kind: Kind
    key: str
    path: ConfigPath


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline of the service: `metrics`, or `metrics/candidate`."""

    key: str
    signal: str
    receivers: tuple[Reference, ...]
    processors: tuple[Reference, ...]
    exporters: tuple[Reference, ...]

    @property
    def path(self) -> ConfigPath:
        """Where it is defined."""
        return ("service", "pipelines", self.key)

    @property
    def references(self) -> Iterator[Reference]:
        """Every name in it, in the order data flows."""
        yield from (*self.receivers, *self.processors, *self.exporters)


class ConfigView:
    """The components and pipelines of one document."""

    def __init__(self, document: ConfigDocument) -> None:
        self.document = document

    @cached_property
    def components(self) -> Mapping[tuple[Kind, str], Component]:
        """Every component that has an id and a mapping (or nothing) below it, by kind and id without stray blanks."""
        found = {}
        for kind in Kind:
            for key, settings in mapping(self.document.data.get(kind.value)).items():
                if settings is not None and not isinstance(settings, Mapping):
                    continue
                try:
                    parsed = ComponentId.parse(key)
                except ValueError:
                    continue
                found[kind, str(parsed)] = Component(kind, key, canonical(kind, parsed.type), settings or {})
        return found

    @cached_property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """Every pipeline that is a mapping, in the order of the text."""
        found = []
        for key, body in mapping(mapping(self.document.data.get("service")).get("pipelines")).items():
            if isinstance(body, Mapping):
                lists = (
                    self._references(key, body, kind) for kind in (Kind.RECEIVERS, Kind.PROCESSORS, Kind.EXPORTERS)
                )
                found.append(Pipeline(key, key.partition("/")[0].strip(), *lists))
        return tuple(found)

    @cached_property
    def extensions(self) -> tuple[Reference, ...]:
        """The extensions that the service starts."""
        path: ConfigPath = ("service", "extensions")
        names = mapping(self.document.data.get("service")).get("extensions")
        return tuple(_named(Kind.EXTENSIONS, names, path))

    def of(self, kind: Kind, *types: str) -> Iterator[Component]:
        """Yield the components of a kind; with `types`, of these canonical types only."""
        for component in self.components.values():
            if component.kind is kind and (not types or component.type in types):
                yield component

    def component(self, reference: Reference) -> Component | None:
        """Return what a reference names: of its kind, else the connector; None when nothing is defined for it."""
        try:
            key = str(ComponentId.parse(reference.key))
        except ValueError:
            return None
        own = self.components.get((reference.kind, key))
        if own is None and reference.kind in (Kind.RECEIVERS, Kind.EXPORTERS):
            return self.components.get((Kind.CONNECTORS, key))
        return own

    def named(self, references: tuple[Reference, ...]) -> list[Component]:
        """Return the components that the references name, in order; what is not defined is left out."""
        return [component for reference in references if (component := self.component(reference))]

    @property
    def metrics_pipelines(self) -> tuple[Pipeline, ...]:
        """The pipelines that carry metrics."""
        return tuple(pipeline for pipeline in self.pipelines if pipeline.signal == SIGNALS[0])

    @staticmethod
    def _references(key: str, body: Mapping[str, Any], kind: Kind) -> tuple[Reference, ...]:
        return tuple(_named(kind, body.get(kind.value), ("service", "pipelines", key, kind.value)))


def mapping(value: object) -> Mapping[str, Any]:
    """Return `value` when it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """Return `value` when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _named(kind: Kind, names: object, path: ConfigPath) -> Iterator[Reference]:
    for index, name in enumerate(items(names)):
        if isinstance(name, str):
            yield Reference(kind, name, (*path, index))
