"""One metrics pipeline cut out of a config, with a source and a recorder at its ends: what both replays run.

Exact for the processors: their settings go to the collector as the user wrote them, and the collector's own code reads,
checks and runs them. What would make an answer wrong is refused here, by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.expansion import expansions_in
from phoenix.collector.config.flow import flow_yaml
from phoenix.collector.config.names import Kind, canonical
from phoenix.collector.errors import ConfigRefusedError, PipelineNotFoundError, UnsupportedComponentError
from phoenix.collector.validate.binary_check.messages import read_refusals

PLACEHOLDER: Final = "placeholder"


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """A pipeline to replay.

    Attributes:
        pipelines: the name of the pipeline, then of each that a forward connector leads to.
        stages: the processors of each.
        processors: the settings of every processor named, and of those left out, so that the collector checks them.
        connectors: the forward connectors between the stages.
        environment: a value for every environment variable that the settings ask for and give no default.
    """

    pipelines: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]
    processors: Mapping[str, Any]
    connectors: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def pipeline(self) -> str:
        """The name of the pipeline that was asked for."""
        return self.pipelines[0]

    @property
    def running(self) -> Iterator[str]:
        """The name of each processor that runs, in the order of the data."""
        for stage in self.stages:
            yield from stage

    def text(self, source: Mapping[str, Any], recorder: Mapping[str, Any], service: Mapping[str, Any]) -> str:
        """Return the config to run, as YAML on one line.

        Args:
            source: the one receiver, by its name.
            recorder: the one exporter, by its name.
            service: what else stands in the service section.
        """
        pipelines = {}
        for index, (name, stage) in enumerate(zip(self.pipelines, self.stages, strict=True)):
            pipelines[name] = {
                "receivers": list(source) if index == 0 else [self.connectors[index - 1]],
                "processors": list(stage),
                "exporters": list(recorder) if index == len(self.connectors) else [self.connectors[index]],
            }
        config = {
            "receivers": source,
            "processors": self.processors,
            "exporters": recorder,
            "connectors": dict.fromkeys(self.connectors),
            "service": {**service, "pipelines": pipelines},
        }
        return flow_yaml(config)


def plan_replay(
    document: ConfigDocument, pipeline: str | None, environment: Mapping[str, str] | None = None
) -> ReplayPlan:
    """Return the plan for one metrics pipeline.

    Memory limiters are left out: they judge the memory of the process they run in, which here is not the user's.
    Environment variables that are not given have the value "placeholder".

    Raises:
        PipelineNotFoundError: `pipeline` is not in the config, or was left out and there is more than one.
        ConfigRefusedError: a pipeline or the processors are not of the shape a collector wants.
        UnsupportedComponentError: a connector other than `forward`, or one beside exporters.
    """
    pipelines = [_chosen(document, pipeline)]
    connectors: list[str] = []
    while connector := _connector_after(document, pipelines[-1]):
        if connector in connectors:
            place = ("service", "pipelines", pipelines[-1], "exporters")
            raise _refused(document, place, f"connector {connector} leads back to itself")
        connectors.append(connector)
        pipelines.append(_pipeline_fed_by(document, connector))
    stages = [_names(document, name, "processors") for name in pipelines]
    defined = document.data.get("processors") or {}
    if not isinstance(defined, Mapping):
        raise _refused(document, ("processors",), "processors must be a mapping")
    # What is named and not defined stays named: the collector says so itself.
    settings = {key: defined[key] for stage in stages for key in stage if key in defined}
    running = tuple(tuple(key for key in stage if type_of(key) != "memory_limiter") for stage in stages)
    needed = _needed(settings, environment or {})
    return ReplayPlan(tuple(pipelines), running, settings, tuple(connectors), needed)


def type_of(component: str) -> str:
    """Return the type in a processor's (or pipeline's) name, by its present word: `filter` of `filter/idle`."""
    return canonical(Kind.PROCESSORS, component.partition("/")[0].strip())


def _pipelines(document: ConfigDocument) -> Mapping[str, Any]:
    service = document.data.get("service")
    pipelines = service.get("pipelines") if isinstance(service, Mapping) else None
    return pipelines if isinstance(pipelines, Mapping) else {}


def _chosen(document: ConfigDocument, pipeline: str | None) -> str:
    metrics = [str(name) for name in _pipelines(document) if type_of(str(name)) == "metrics"]
    if pipeline in metrics or (pipeline is None and len(metrics) == 1):
        return pipeline or metrics[0]
    listed = ", ".join(metrics) or "none"
    if pipeline is None:
        message = f"{document.source} has {len(metrics)} metrics pipelines ({listed}); one must be named"
    else:
        message = f"{document.source} has no metrics pipeline {pipeline!r}; it has {listed}"
    raise PipelineNotFoundError(message, pipelines=metrics)


def _names(document: ConfigDocument, pipeline: str, section: str) -> tuple[str, ...]:
    body = _pipelines(document)[pipeline]
    names = (body.get(section) if isinstance(body, Mapping) else None) or []
    if not isinstance(names, list):
        raise _refused(document, ("service", "pipelines", pipeline, section), f"{section} must be a list of names")
    return tuple(str(name) for name in names)


def _connector_after(document: ConfigDocument, pipeline: str) -> str | None:
    connectors = document.data.get("connectors") or {}
    exporters = _names(document, pipeline, "exporters")
    used = [name for name in exporters if isinstance(connectors, Mapping) and name in connectors]
    if not used:
        return None
    place = document.locate(("service", "pipelines", pipeline, "exporters"))
    for name in used:
        if type_of(name) != "forward":
            raise UnsupportedComponentError(
                f"{place}: connector {name} makes other telemetry of what it gets; only forward can be followed",
                component=name,
                place=str(place),
            )
    if len(exporters) > 1:
        raise UnsupportedComponentError(
            f"{place}: {pipeline} exports to {used[0]} and to {len(exporters) - 1} more; there is no single output",
            component=used[0],
            place=str(place),
        )
    return used[0]


def _pipeline_fed_by(document: ConfigDocument, connector: str) -> str:
    fed = [
        str(name)
        for name in _pipelines(document)
        if type_of(str(name)) == "metrics" and connector in _names(document, str(name), "receivers")
    ]
    if len(fed) != 1:
        place = document.locate(("connectors", connector))
        raise UnsupportedComponentError(
            f"{place}: connector {connector} feeds {len(fed)} metrics pipelines; only one can be followed",
            component=connector,
            place=str(place),
        )
    return fed[0]


def _needed(settings: object, given: Mapping[str, str]) -> dict[str, str]:
    needed: dict[str, str] = {}
    for text in strings_in(settings):
        for found in expansions_in(text):
            if found.scheme != "env":
                continue
            if found.name in given:
                needed[found.name] = given[found.name]
            elif found.default is None:
                needed[found.name] = PLACEHOLDER
    return needed


def strings_in(value: object) -> Iterator[str]:
    """Yield every string in a value of the config; keys are not among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


def _refused(document: ConfigDocument, path: tuple[str, ...], reason: str) -> ConfigRefusedError:
    place = document.locate(path)
    return ConfigRefusedError(f"{place}: {reason}", place=str(place), reason=reason)


def refused_by_collector(document: ConfigDocument, message: str) -> ConfigRefusedError:
    """Return the error for what a collector says of the config, at the place in the user's text."""
    # `otelcol validate`, whose messages are read there, leaves these two words out.
    said = message.removeprefix("invalid configuration: ")
    finding = read_refusals(document, f"Error: {said}", lambda _kind, _type: {})[0].finding
    return ConfigRefusedError(
        f"{finding.place}: {finding.message}",
        user_action=finding.user_action,
        place=str(finding.place),
        reason=message,
    )
