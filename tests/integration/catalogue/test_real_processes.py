"""The promises on what the process scraper says of real processes of this machine, some of them coming and going."""

from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.integration.catalogue.conftest import Run
from tests.support import promises, real_processes, stock_collector

from phoenix.collector.catalogue import registry, source

CRITICAL = ("loadsim-db", "loadsim-web", "loadsim-queue")
FOLDING = ("process-aggregated-v1", "process-intelligent-v1")


@pytest.fixture(scope="module")
def recording(collector_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> list[ExportMetricsServiceRequest]:
    folder = tmp_path_factory.mktemp("real")
    text = registry.render("process-baseline-v1", {"interval": "1s"}).text
    with real_processes.world(folder) as world:
        for name in (*CRITICAL, "our-worker", "our-worker", "our-worker"):
            world.start(name)
        world.start("our-hog", "while :; do :; done")
        return stock_collector.scraping(collector_binary, folder, text, lambda: world.churn("our-job", 7))


@pytest.fixture(scope="module")
def replay(collector_binary: Path, recording, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    def replay(name: str, **given: object) -> Run:
        before: list[ExportMetricsServiceRequest] = []

        def history(ready: int) -> list[ExportMetricsServiceRequest]:
            before.extend(real_processes.later(recording, ready))
            return before

        text = registry.render(name, given).text
        folder = tmp_path_factory.mktemp("replay")
        return Run(before, stock_collector.through(collector_binary, folder, text, history))

    return replay


def test_the_scraper_gives_every_metric_that_templates_read(recording):
    assert len(recording) >= 5
    assert {point.metric for point in promises.points(recording)} == set(source.METRICS)
    resources = [dict(point.resource) for point in promises.points(recording)]
    assert all("host.name" in resource and "process.command_line" not in resource for resource in resources)
    first = promises.first_time(recording)
    born = [point for point in promises.points(recording) if point.start >= first]
    assert {dict(point.resource)["process.executable.name"] for point in born} >= {"our-job"}


@pytest.mark.parametrize("name", [name for name in registry.names() if name != "process-minimal-v1"])
def test_critical_processes_are_as_they_were(replay, name):
    result = replay(name)
    critical = promises.named(*CRITICAL)
    before = promises.values(result.before, critical)
    assert {dict(point.resource)["process.executable.name"] for point in promises.points(result.before)} >= {*CRITICAL}
    assert promises.values(result.after, critical) == before


@pytest.mark.parametrize("temporality", ["cumulative", "delta"])
@pytest.mark.parametrize("name", FOLDING)
def test_folding_conserves_totals_and_corrupts_nothing(replay, name, temporality):
    result = replay(name, temporality=temporality, **({"low_processes": ""} if "intelligent" in name else {}))
    before, after = (promises.increases(side, promises.anyone, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
    assert before["process.cpu.time", "user"] > 0
    levels_before, levels_after = (promises.levels(side, promises.anyone) for side in (result.before, result.after))
    assert promises.close(levels_before, levels_after)
    assert promises.duplicates(result.after) == []
    assert promises.fallen(result.after) == []


@pytest.mark.parametrize("name", ["process-topk-v1", "process-intelligent-v1"])
def test_a_hog_is_kept_whole(replay, name):
    result = replay(name, memory_bytes="1GiB")
    hog = promises.named("our-hog")
    whole = {request: count for request, _, count in promises.processes(result.before, hog)}
    kept = {request: count for request, _, count in promises.processes(result.after, hog)}
    assert kept
    assert kept == {request: whole[request] for request in kept}
    assert promises.values(result.after, hog, start=False) <= promises.values(result.before, hog, start=False)


def test_intelligent_saves_more_series_than_priority(replay):
    priority = promises.series(replay("process-priority-filter-v1").after)
    intelligent = promises.series(replay("process-intelligent-v1").after)
    assert len(intelligent) < len(priority)
