"""Every filter and transform of the catalogue's pipelines, alone, on what the processors before it leave."""

from typing import Any

import pytest
import yaml
from tests.integration.engine.statements.outcomes import agree, config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.catalogue.registry import names, render

_OURS = ("filter", "transform")
_ELSEWHERE = ("memory_limiter", "resource_detection", "batch")


@pytest.mark.parametrize("telemetry", ["reference", "scrapes"])
@pytest.mark.parametrize("name", names())
def test_processors_of_the_catalogue_do_what_the_collector_does(harness, columnar, reference_capture, name, telemetry):
    capture = reference_capture if telemetry == "reference" else scrapes([0, 10, 20, 30, 40])
    processors: dict[str, Any] = yaml.safe_load(render(name).text)["processors"]
    for named, settings in processors.items():
        kind = named.partition("/")[0]
        if kind in _OURS:
            assert agree((harness, columnar), {named: settings}, capture), named
        if kind not in _ELSEWHERE:
            capture = harness.evaluate(config({named: settings}), capture)
