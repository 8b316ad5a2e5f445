"""A config to evaluate, with what is known of it: from a file, or from the catalogue with its fold map."""

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
from phoenix.decide.pricing.usage import DEFAULT_INTERVAL_SECONDS
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

    def interval_seconds(self, pipeline: str | None) -> float:
        """Return how often the pipeline's receivers scrape; 60 s when the config does not say."""
        found = self._pipeline(pipeline)
        view = ConfigView(self.document)
        for component in view.named(found.receivers) if found else ():
            try:
                return parse_duration(str(component.settings["collection_interval"]))
            except (KeyError, InvalidError):
                continue
        return DEFAULT_INTERVAL_SECONDS

    def _pipeline(self, name: str | None) -> Pipeline | None:
        pipelines = ConfigView(self.document).metrics_pipelines
        return next((it for it in pipelines if name in {None, it.key}), None)
