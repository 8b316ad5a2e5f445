"""Fixtures of the loss check on what a real collector makes.

judged  a config and made-up scrapes in, the report of what the collector made of them out
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support import scrapes, stock_collector

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.decide.report import PipelineReport, compare
from phoenix.telemetry.codec import decode
from phoenix.telemetry.processes import ProcessPattern

CRITICAL = ("db", "web")


@pytest.fixture
def judged(collector_binary: Path, tmp_path: Path) -> Callable[..., PipelineReport]:
    def judged(text: str, declared: FoldMap | None = None, *, seed: int = 1) -> PipelineReport:
        before: list[ExportMetricsServiceRequest] = []

        def history(ready: int) -> list[ExportMetricsServiceRequest]:
            before.extend(scrapes.history(seed, ready + scrapes.SECOND))
            return before

        after = stock_collector.through(collector_binary, tmp_path, text, history)
        captures = [decode([request.SerializeToString() for request in side]) for side in (before, after)]
        critical = [ProcessPattern.parse(text) for text in CRITICAL]
        return compare("under test", captures[0], captures[1], declared=declared, critical=critical)

    return judged
