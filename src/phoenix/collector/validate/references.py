"""Does every name lead to a component, is every component used, and can it carry the pipeline's signal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, ConfigView, Pipeline, Reference
from phoenix.collector.config.types import ComponentTypes
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.suggest import did_you_mean, shortened

UNDEFINED: Final = Code(
    "COMPONENT_UNDEFINED",
    Severity.ERROR,
    "A pipeline, or the service, names a component that the config does not define.",
    "Define the component, or correct the name.",
    "references of pipelines and of the service",
)
UNUSED: Final = Code(
    "COMPONENT_UNUSED",
    Severity.WARNING,
    "A component is defined and nothing uses it, so the collector never starts it.",
    "Use it in a pipeline (an extension: in service.extensions), or take it out.",
    "components that no pipeline names",
)
CONNECTOR_HALF_USED: Final = Code(
    "CONNECTOR_HALF_USED",
    Severity.ERROR,
    "A connector ends one pipeline and begins another; with one side missing the collector refuses the config.",
    "Name the connector among the exporters of one pipeline and the receivers of another.",
    "connectors in receivers and exporters of pipelines",
)
SIGNAL_MISMATCH: Final = Code(
    "COMPONENT_SIGNAL_MISMATCH",
    Severity.ERROR,
    "A component cannot carry the signal of the pipeline it stands in.",
    "Move the component to a pipeline of a signal it carries.",
    "components of pipelines",
)
AMBIGUOUS_ID: Final = Code(
    "COMPONENT_ID_AMBIGUOUS",
    Severity.ERROR,
    "A connector has the id of a receiver or an exporter, so a pipeline cannot say which it means.",
    "Give the connector a name of its own, such as forward/connector.",
    "ids of connectors, receivers and exporters",
)
CODES: Final = (UNDEFINED, UNUSED, CONNECTOR_HALF_USED, SIGNAL_MISMATCH, AMBIGUOUS_ID)


def check_references(view: ConfigView, types: ComponentTypes) -> Iterator[Finding]:
    """Yield what is wrong with the names between components and pipelines."""
    for pipeline in view.pipelines:
        for reference in pipeline.references:
            yield from _reference(view, reference)
            yield from _signal(view, pipeline, reference, types)
    for reference in view.extensions:
        yield from _reference(view, reference)
    yield from _unused(view)
    yield from _connectors(view, types)


def _reference(view: ConfigView, reference: Reference) -> Iterator[Finding]:
    if view.component(reference) or reference.key.startswith("${"):
        return
    place = view.document.locate(reference.path)
    singular = reference.kind.singular
    elsewhere = [kind for (kind, key) in view.components if key == reference.key]
    known = [key for (kind, key) in view.components if kind is reference.kind]
    message = f'{singular} "{reference.key}" is not defined{did_you_mean(reference.key, known)}'
    if elsewhere:
        message = f'"{reference.key}" is {elsewhere[0].one}, not {reference.kind.one}'
    have = f" Defined are {shortened(known)}." if known else ""
    yield UNDEFINED.at(place, message, user_action=f"{UNDEFINED.user_action}{have}")


def _signal(view: ConfigView, pipeline: Pipeline, reference: Reference, types: ComponentTypes) -> Iterator[Finding]:
    component = view.component(reference)
    if component is None or component.kind is Kind.CONNECTORS:
        return
    carried = types.carries(component.kind, component.type)
    if pipeline.signal not in carried:
        message = f"{component.key} carries {shortened(carried)}, and this pipeline is for {pipeline.signal}"
        yield SIGNAL_MISMATCH.at(view.document.locate(reference.path), message)


def _unused(view: ConfigView) -> Iterator[Finding]:
    used = {component.path for pipeline in view.pipelines for component in _components(view, pipeline)}
    used |= {component.path for component in view.named(view.extensions)}
    for component in view.components.values():
        # Exporters and receivers name authenticators and storage among extensions; only the service starts them, but
        # an extension that is not started is refused by whoever names it, which the binary says better.
        if component.path not in used and component.kind is not Kind.CONNECTORS:
            message = f"{component.kind.singular} {component.key} is defined and not used"
            yield UNUSED.at(view.document.locate(component.path), message)


def _components(view: ConfigView, pipeline: Pipeline) -> list[Component]:
    return view.named(tuple(pipeline.references))


@dataclass(frozen=True, slots=True)
class _Sides:
    """The pipelines a connector ends, and those it begins."""

    ends: tuple[Pipeline, ...]
    begins: tuple[Pipeline, ...]


def _connectors(view: ConfigView, types: ComponentTypes) -> Iterator[Finding]:
    for connector in view.of(Kind.CONNECTORS):
        place = view.document.locate(connector.path)
        for kind in (Kind.RECEIVERS, Kind.EXPORTERS):
            if (kind, connector.key) in view.components:
                yield AMBIGUOUS_ID.at(place, f"{connector.key} is a connector and {kind.one}")
        sides = _sides(view, connector)
        if not sides.ends and not sides.begins:
            yield UNUSED.at(place, f"connector {connector.key} is defined and not used")
        elif not sides.begins:
            yield CONNECTOR_HALF_USED.at(
                place, f"connector {connector.key} begins no pipeline: no one receives from it"
            )
        elif not sides.ends:
            yield CONNECTOR_HALF_USED.at(place, f"connector {connector.key} ends no pipeline: nothing is sent to it")
        else:
            yield from _pairs(view, connector, sides, types)


def _sides(view: ConfigView, connector: Component) -> _Sides:
    return _Sides(
        tuple(pipeline for pipeline in view.pipelines if connector in view.named(pipeline.exporters)),
        tuple(pipeline for pipeline in view.pipelines if connector in view.named(pipeline.receivers)),
    )


def _pairs(view: ConfigView, connector: Component, sides: _Sides, types: ComponentTypes) -> Iterator[Finding]:
    """A connector must reach some pipeline from each that it ends, and be reached by each that it begins."""
    carried = types.carries(Kind.CONNECTORS, connector.type)
    if not any("-to-" in pair for pair in carried):
        return
    for pipeline in sides.ends:
        if not any(f"{pipeline.signal}-to-{other.signal}" in carried for other in sides.begins):
            message = f"connector {connector.key} leads {pipeline.signal} to no pipeline that begins with it"
            yield SIGNAL_MISMATCH.at(view.document.locate((*pipeline.path, "exporters")), message)
    for pipeline in sides.begins:
        if not any(f"{other.signal}-to-{pipeline.signal}" in carried for other in sides.ends):
            message = f"connector {connector.key} brings no {pipeline.signal} from any pipeline that ends in it"
            yield SIGNAL_MISMATCH.at(view.document.locate((*pipeline.path, "receivers")), message)
