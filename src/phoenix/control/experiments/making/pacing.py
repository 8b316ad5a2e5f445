"""How seldom a config lets points out: a window must be at least as wide (design, section 6).

In a narrower one an arm that only gathers looks like one that drops everything. Called when an experiment is planned.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component, ConfigView
from phoenix.control.experiments.errors import ExperimentInvalidError
from phoenix.control.experiments.judging.candidate import intervals
from phoenix.control.experiments.model import Design
from phoenix.core.errors import InvalidError
from phoenix.core.units import format_duration, parse_duration

# Where components that gather say for how long, and how long that is unless said; by what the collector documents.
_GATHERING: Final[Mapping[tuple[Kind, str], tuple[str, float]]] = {
    (Kind.PROCESSORS, "interval"): ("interval", 60.0),
    (Kind.PROCESSORS, "batch"): ("timeout", 0.2),
    (Kind.CONNECTORS, "span_metrics"): ("metrics_flush_interval", 60.0),
    (Kind.CONNECTORS, "spanmetrics"): ("metrics_flush_interval", 60.0),
    (Kind.CONNECTORS, "service_graph"): ("metrics_flush_interval", 60.0),
    (Kind.CONNECTORS, "servicegraph"): ("metrics_flush_interval", 60.0),
    (Kind.RECEIVERS, "statsd"): ("aggregation_interval", 60.0),
}
_SCRAPING: Final[Mapping[str, float]] = {"host_metrics": 60.0, "hostmetrics": 60.0, "prometheus": 60.0}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a component may let nothing out."""

    component: str
    seconds: float


def slowest(text: str) -> Pace | None:
    """Return the component of the metrics pipelines that lets points out most seldom; None when all do at once."""
    return max(_paces(ConfigView(ConfigDocument.parse(text))), key=lambda pace: pace.seconds, default=None)


def check_window(design: Design, text: str) -> None:
    """Return when a window of the design holds what every component of a composed config lets out.

    Raises:
        ExperimentInvalidError: it is narrower; the message names the component.
    """
    pace = slowest(text)
    if pace is not None and pace.seconds > design.window_seconds:
        width, least = format_duration(design.window_seconds), format_duration(pace.seconds)
        raise ExperimentInvalidError(
            f"window_seconds: in a window of {width} {pace.component} may let nothing out, for it does every {least}; "
            f"choose windows of {least} or more",
            field="window_seconds",
            least_seconds=pace.seconds,
        )


def _paces(view: ConfigView) -> Iterator[Pace]:
    for pipeline in view.metrics_pipelines:
        for kind, references in (
            (Kind.RECEIVERS, pipeline.receivers),
            (Kind.CONNECTORS, pipeline.receivers),
            (Kind.PROCESSORS, pipeline.processors),
        ):
            for reference in references:
                component = view.components.get((kind, reference.key))
                if component is not None:
                    yield Pace(f"{kind.one} {component.key}", _seconds(component))


def _seconds(component: Component) -> float:
    if component.kind is Kind.RECEIVERS:
        written = intervals(component.settings)
        if written or component.type in _SCRAPING:
            return max(written, default=_SCRAPING.get(component.type, 0.0))
    setting, usual = _GATHERING.get((component.kind, component.type), ("", 0.0))
    try:
        return parse_duration(str(component.settings.get(setting, ""))) if setting else 0.0
    except InvalidError:
        return usual
