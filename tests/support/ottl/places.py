"""Where OTTL stands in a config: how a collector is asked about it there, and how it is read here."""

import json
from dataclasses import dataclass
from typing import Any

from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.errors import ConfigRefusedError
from phoenix.collector.evaluator import Evaluator
from phoenix.ottl.dialect import FILTER_CONDITIONS, FILTER_METRICS
from phoenix.ottl.language import parse_condition, parse_group
from phoenix.ottl.syntax import Context
from phoenix.telemetry.codec import decode

_NOTHING = decode([])


@dataclass(frozen=True)
class Place:
    """A place by its name: processor, form and, unless the form is flat, the context."""

    name: str

    @property
    def form(self) -> str:
        return " ".join(self.name.split()[:2])

    @property
    def context(self) -> Context | None:
        words = self.name.split()
        return Context(words[2]) if len(words) > 2 else None

    @property
    def is_of_statements(self) -> bool:
        return self.form in ("transform flat", "transform grouped")


def accepts(collector: Evaluator, place: Place, *texts: str) -> str:
    """Return why a collector refuses the texts, or nothing."""
    processor = place.form.split()[0]
    try:
        collector.evaluate(metrics_config(processor, json.dumps({processor: _settings(place, list(texts))})), _NOTHING)
    except ConfigRefusedError as error:
        return str(error.details["reason"])
    return ""


def _settings(place: Place, texts: list[str]) -> dict[str, Any]:
    context = {} if place.context is None else {"context": place.context.value}
    if place.is_of_statements:
        return {"metric_statements": [{**context, "statements": texts}]}
    if place.form == "transform conditions":
        return {"metric_statements": [{**context, "conditions": texts, "statements": []}]}
    if place.form == "filter metrics":
        return {"metrics": {context["context"]: texts}}
    return {"metric_conditions": [{**context, "conditions": texts}] if context else texts}


def read(place: Place, *texts: str) -> None:
    """Read the texts as the place wants it.

    Raises:
        OttlError: they are not taken.
    """
    if place.is_of_statements:
        parse_group(texts, (), place.context)
    elif place.form == "transform conditions":
        parse_group((), texts, place.context)
    else:
        dialect = FILTER_METRICS if place.form == "filter metrics" else FILTER_CONDITIONS
        for text in texts:
            parse_condition(text, place.context, dialect)
