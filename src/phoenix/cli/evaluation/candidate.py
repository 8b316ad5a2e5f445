"""A config to evaluate, with what is known of it: from a file, or from the catalogue with its fold map."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from phoenix.cli.configs import read_config
from phoenix.cli.context import Cli
from phoenix.cli.pipeline.parameters import with_settings
from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.pipelines import ConfigView, Pipeline
from phoenix.core.errors import InvalidError
from phoenix.core.units import parse_duration
from phoenix.decide.report import DEFAULT_CADENCE, Cadence
from phoenix.telemetry.capture import Capture

# What every template of the catalogue sets on everything (catalogue/source.py).
_HOST_ATTRIBUTES = ("host.name",)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A config with what is known of it.

    Attributes:
        name: how the result calls it.
        fold_map: what it declares about each process; None when nobody declared anything.
        host_attributes: resource attributes that it declares to set on everything.
    """

    name: str
    document: ConfigDocument
    fold_map: FoldMap | None = None
    host_attributes: tuple[str, ...] = ()

    @classmethod
    def from_file(cls, cli: Cli, path: str) -> Self:
        """Return the config of a file; raises as `read_config` does."""
        return cls(path, read_config(cli.streams, path))

    @classmethod
    def from_template(cls, cli: Cli, name: str, parameters: Mapping[str, object], capture: Capture) -> Self:
        """Return a pipeline of the catalogue; raises as `registry.render` does."""
        rendered = registry.render(name, with_settings(cli, parameters), capture=capture)
        document = ConfigDocument.parse(rendered.text, f"{rendered.template.name}.yaml")
        return cls(rendered.template.name, document, rendered.fold_map, _HOST_ATTRIBUTES)

    def exporters(self, pipeline: str | None) -> tuple[str, ...]:
        """Return the exporters of the pipeline that is evaluated."""
        found = self._pipeline(pipeline)
        return tuple(reference.key for reference in found.exporters) if found else ()

    def cadence(self, pipeline: str | None, capture: Capture) -> Cadence:
        """Return how often the pipeline scrapes, as its receivers say; where they do not, as the capture was made."""
        found, recorded = self._pipeline(pipeline), capture.origin.interval_seconds
        interval = recorded or DEFAULT_CADENCE.interval_seconds
        for settings in self.receivers(pipeline).values():
            with contextlib.suppress(KeyError, InvalidError):
                interval = parse_duration(str(settings["collection_interval"]))
                break
        processors = ConfigView(self.document).named(found.processors) if found else ()
        return Cadence(interval, any(it.type == "interval" for it in processors) and interval != recorded)

    def receivers(self, pipeline: str | None) -> Mapping[str, Mapping[str, object]]:
        """Return the settings of the pipeline's receivers, by their ids."""
        found = self._pipeline(pipeline)
        components = ConfigView(self.document).named(found.receivers) if found else ()
        return {component.key: component.settings for component in components}

    def _pipeline(self, name: str | None) -> Pipeline | None:
        pipelines = ConfigView(self.document).metrics_pipelines
        return next((it for it in pipelines if name in {None, it.key}), None)
