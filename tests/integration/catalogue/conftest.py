"""Fixture of the catalogue's promises: `run`, a template and made-up scrapes in, both sides out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support import promises, scrapes, stock_collector

from phoenix.collector.catalogue import registry

CRITICAL = "db, web"


@dataclass(frozen=True)
class Run:
    """What went in and what came out."""

    before: list[ExportMetricsServiceRequest]
    after: list[ExportMetricsServiceRequest]

    @property
    def first(self) -> int:
        return promises.first_time(self.before)


@pytest.fixture(scope="session")
def run(collector_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    done: dict[str, Run] = {}

    def run(name: str, *, seed: int = 1, clock_back_at: int | None = None, **given: object) -> Run:
        """Run a template on a made-up history, once for the same request; `given` are its parameters."""
        key = repr((name, seed, clock_back_at, sorted(given.items())))
        if key not in done:
            before: list[ExportMetricsServiceRequest] = []

            def history(ready: int) -> list[ExportMetricsServiceRequest]:
                before.extend(scrapes.history(seed, ready + scrapes.SECOND, clock_back_at=clock_back_at))
                return before

            text = registry.render(name, {"critical_processes": CRITICAL, **given}).text
            folder = tmp_path_factory.mktemp("run")
            done[key] = Run(before, stock_collector.through(collector_binary, folder, text, history))
        return done[key]

    return run
