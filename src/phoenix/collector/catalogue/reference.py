"""The reference page of the catalogue, written from the templates: docs/reference/catalogue.md."""

from collections.abc import Iterable, Mapping, Sequence

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.blocks.destinations import DESTINATIONS
from phoenix.collector.catalogue.parameters.common import COMMON
from phoenix.collector.catalogue.parameters.declaration import Parameter, ParameterType
from phoenix.collector.catalogue.source import METRICS
from phoenix.collector.catalogue.template import Template

_INTRODUCTION = """\
# Catalogue of pipelines

Each template renders to a collector config: `phoenix pipeline render NAME --param name=value`. All share one receiver
block, set the host's name, begin with memory_limiter and end with batch, so one recording can replay any of them and
the arms of an experiment stay paired. Scraped are {metrics}.

**Kept** means point for point as scraped. **Folded** means summed into a group whose totals match: the increase of
every counter (births with their first value), and the sum of everything else that adds up at each scrape. **Dropped**
is lost. What a template does to each process is its fold map, which the loss check reads.

A process that is folded must come as the scraper sends it: one request a scrape, one request after the other. A batch
or a second sender before the pipeline would cut a scrape in two, and the sums of gauges with it.
"""

_DESTINATIONS = """\
## Destinations

`destination` chooses the exporter. Endpoints and keys are read from the collector's environment.
"""


def page(reductions: Mapping[str, str] | None = None) -> str:
    """Return the page; `reductions` gives for a template what it saved on the reference capture, as a sentence."""
    measured = reductions or {}
    lines = [_INTRODUCTION.format(metrics=", ".join(name.removeprefix("process.") for name in METRICS))]
    lines += [
        "## Parameters of every template",
        "",
        *_table(("parameter", "value", "default", "range", "meaning"), _rows(COMMON)),
        "",
        _DESTINATIONS,
        *_table(("destination", "exporter", "environment", "counters"), _destination_rows()),
    ]
    lines += ["", "## Default lists", "", *_default_lists()]
    for template in registry.TEMPLATES:
        lines += ["", *_section(template, measured.get(template.name))]
    return "\n".join(lines) + "\n"


def _section(template: Template, reduction: str | None) -> list[str]:
    lines = [f"## {template.name}", "", template.summary]
    if template.aliases:
        lines[-1] += f" Also called {', '.join(template.aliases)}."
    lines += ["", template.strategy, "", f"- Drops: {template.drops}", f"- Folds: {template.folds}"]
    if reduction:
        lines.append(f"- Measured on the reference capture: {reduction}")
    if template.own_parameters:
        lines += ["", *_table(("parameter", "value", "default", "range", "meaning"), _rows(template.own_parameters))]
    return lines


def _rows(parameters: Sequence[Parameter]) -> Iterable[tuple[str, ...]]:
    for it in parameters:
        default = "unset" if it.default is None else f"`{it.default}`"
        if it.type is ParameterType.PATTERNS:
            default = "[list](#default-lists)"
        yield f"`{it.name}`", it.type.value, default, it.range, it.description


def _default_lists() -> list[str]:
    every = (it for template in registry.TEMPLATES for it in template.parameters)
    lists = {it.name: it.default for it in every if it.type is ParameterType.PATTERNS}
    return [f"- `{name}`: `{default}`" for name, default in lists.items()]


def _destination_rows() -> Iterable[tuple[str, ...]]:
    for name, destination in DESTINATIONS.items():
        takes = {
            "": "both temporalities",
            "delta": "cumulative only",
            "cumulative": "delta only; converted before batch",
        }
        environment = ", ".join(f"`{variable}`" for variable in destination.environment) or "none"
        yield f"`{name}`", f"`{destination.exporter}`", environment, takes[destination.refuses]


def _table(titles: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [titles, ["---"] * len(titles), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]
