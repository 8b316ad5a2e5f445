"""A user's config as what composing moves about: components, pipelines, and which of them metrics go through.

Stricter than `config.pipelines`, which leaves out what is malformed: what is generated must not lose a part silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from phoenix.collector.compose.errors import ConfigNotWrittenOutError, NameReservedError, ReferenceUnknownError
from phoenix.collector.compose.names import RESERVED
from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.names import SIGNALS, ComponentId, Kind, canonical


@dataclass(frozen=True, slots=True)
class Part:
    """A component that a config defines.

    Attributes:
        kind: its section.
        id: as pipelines name it, without stray blanks.
        type: the canonical type.
        name: the part of the id after the slash.
        settings: what is below it, whatever that is.
        path: where it is defined.
    """

    kind: Kind
    id: str
    type: str
    name: str
    settings: Any
    path: ConfigPath


@dataclass(frozen=True, slots=True)
class PipelinePart:
    """A pipeline with the ids of its components in order."""

    id: str
    signal: str
    name: str
    receivers: tuple[str, ...]
    processors: tuple[str, ...]
    exporters: tuple[str, ...]
    path: ConfigPath


class ConfigParts:
    """The components and pipelines of one config.

    Raises:
        ConfigNotWrittenOutError: a section or pipeline is not written out.
    """

    def __init__(self, document: ConfigDocument) -> None:
        self.document = document
        self._parts = {kind: dict(self._section(kind)) for kind in Kind}
        service = self.mapping_at(("service",))
        self.extensions = self._ids(service.get("extensions"), ("service", "extensions"))
        self.pipelines = tuple(self._pipelines())

    def of(self, kind: Kind) -> Mapping[str, Part]:
        """Return the components of a kind by id."""
        return self._parts[kind]

    @property
    def ids(self) -> set[str]:
        """Every id of a component or pipeline."""
        components = (part for parts in self._parts.values() for part in parts)
        return {*components, *(pipeline.id for pipeline in self.pipelines)}

    @property
    def metrics(self) -> tuple[PipelinePart, ...]:
        """The pipelines that carry metrics."""
        return tuple(pipeline for pipeline in self.pipelines if pipeline.signal == SIGNALS[0])

    def processor(self, pipeline: PipelinePart, reference: str) -> Part:
        """Return the processor that a pipeline names."""
        return self._find(pipeline, reference, (Kind.PROCESSORS,))

    def source(self, pipeline: PipelinePart, reference: str) -> Part:
        """Return the receiver, or connector, that a pipeline reads."""
        return self._find(pipeline, reference, (Kind.RECEIVERS, Kind.CONNECTORS))

    def sources(self, pipeline: PipelinePart) -> list[Part]:
        """Return everything that a pipeline reads."""
        return [self.source(pipeline, reference) for reference in pipeline.receivers]

    def sink(self, pipeline: PipelinePart, reference: str) -> Part:
        """Return the exporter, or connector, that a pipeline writes to."""
        return self._find(pipeline, reference, (Kind.EXPORTERS, Kind.CONNECTORS))

    def sinks(self, pipeline: PipelinePart, kind: Kind) -> list[Part]:
        """Return what a pipeline writes to, of one kind.

        Raises:
            ReferenceUnknownError: a pipeline names something that is not defined.
        """
        found = (self.sink(pipeline, reference) for reference in pipeline.exporters)
        return [part for part in found if part.kind is kind]

    def delivering(self) -> tuple[PipelinePart, ...]:
        """Return the metrics pipelines that lead to an exporter, also through connectors, in the order of the text."""
        found: dict[str, PipelinePart] = {}
        grown = True
        while grown:
            reads = {reference for pipeline in found.values() for reference in pipeline.receivers}
            new = {
                pipeline.id: pipeline
                for pipeline in self.metrics
                if pipeline.id not in found
                and (
                    self.sinks(pipeline, Kind.EXPORTERS)
                    or any(part.id in reads for part in self.sinks(pipeline, Kind.CONNECTORS))
                )
            }
            found.update(new)
            grown = bool(new)
        return tuple(pipeline for pipeline in self.metrics if pipeline.id in found)

    def sending(self) -> tuple[PipelinePart, ...]:
        """Return the metrics pipelines whose output is what the config sends.

        Pipelines that only write to `debug` or `nop` are for looking, unless there are no others.
        """
        ending = [pipeline for pipeline in self.metrics if self.sinks(pipeline, Kind.EXPORTERS)]
        paying = [
            pipeline
            for pipeline in ending
            if any(part.type not in ("debug", "nop") for part in self.sinks(pipeline, Kind.EXPORTERS))
        ]
        return tuple(paying or ending)

    def refuse_reserved(self) -> None:
        """Raise NameReservedError when the config uses an id that a generated config needs."""
        for kind in Kind:
            for part in self.of(kind).values():
                if str(ComponentId(part.type, part.name)) in RESERVED:
                    raise NameReservedError.at(self.document, part.path, "Phoenix needs this name for itself")

    def mapping_at(self, path: ConfigPath) -> Mapping[str, Any]:
        """Return the mapping at `path`, empty when there is none.

        Raises:
            ConfigNotWrittenOutError: something else is there.
        """
        value: Any = self.document.data
        for step in path:
            value = value.get(step)
            if value is None:
                return {}
            if not isinstance(value, Mapping):
                raise ConfigNotWrittenOutError.at(self.document, path, f"{_shown(value)} is not a mapping")
        return dict(value)

    def _section(self, kind: Kind) -> Iterable[tuple[str, Part]]:
        for key, settings in self.mapping_at((kind.value,)).items():
            path = (kind.value, key)
            parsed = self._id(key, path)
            type_name = canonical(kind, parsed.type)
            yield str(parsed), Part(kind, str(parsed), type_name, parsed.name, settings, path)

    def _pipelines(self) -> Iterable[PipelinePart]:
        for key in self.mapping_at(("service", "pipelines")):
            path = ("service", "pipelines", key)
            parsed = self._id(key, path)
            body = self.mapping_at(path)
            receivers, processors, exporters = (
                self._ids(body.get(kind.value), (*path, kind.value))
                for kind in (Kind.RECEIVERS, Kind.PROCESSORS, Kind.EXPORTERS)
            )
            yield PipelinePart(str(parsed), parsed.type, parsed.name, receivers, processors, exporters, path)

    def _ids(self, names: Any, path: ConfigPath) -> tuple[str, ...]:
        if names is None:
            return ()
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ConfigNotWrittenOutError.at(self.document, path, f"{_shown(names)} is not a list of names")
        return tuple(str(self._id(name, (*path, index))) for index, name in enumerate(names))

    def _id(self, text: str, path: ConfigPath) -> ComponentId:
        try:
            return ComponentId.parse(text)
        except ValueError as error:
            raise ConfigNotWrittenOutError.at(self.document, path, str(error)) from error

    def _find(self, pipeline: PipelinePart, reference: str, kinds: tuple[Kind, ...]) -> Part:
        for kind in kinds:
            if reference in self._parts[kind]:
                return self._parts[kind][reference]
        path = pipeline.path
        raise ReferenceUnknownError.at(self.document, path, f"{kinds[0].one} {reference} is not defined")


def _shown(value: object) -> str:
    return repr(value if isinstance(value, str) else type(value).__name__)[:60]
