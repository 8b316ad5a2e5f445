"""The promises on what the scraper says of a load simulation and everything else on this machine."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.integration.catalogue.conftest import Run
from tests.support import promises, stock_collector
from tests.support.machine import real_processes

from phoenix.collector.binary.find import find_collector
from phoenix.collector.catalogue import registry, source, thresholds
from phoenix.collector.record.recorder import record
from phoenix.decide.loss.assess import assess_loss
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode

CRITICAL = ("loadsim-db", "loadsim-web", "loadsim-queue")
FOLDING = ("process-aggregated-v1", "process-intelligent-v1")
# Of the simulated processes that are not critical, loadsim-cache is as large.
HEAVY, LIMITS = "loadsim-cache", {"memory_bytes": "32MiB", "cpu_fraction": 0.9}


@pytest.fixture(scope="module")
def capture(collector_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Capture:
    profile = find("realistic").with_process_count(70).with_churn_rate(3)
    with start(profile, folder=tmp_path_factory.mktemp("loadsim")):
        return record(find_collector(named=collector_binary), seconds=10, interval_seconds=1).capture


@pytest.fixture(scope="module")
def recording(capture: Capture) -> list[ExportMetricsServiceRequest]:
    return [ExportMetricsServiceRequest.FromString(request) for request in encode(capture)]


@pytest.fixture(scope="module")
def replay(collector_binary: Path, recording, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    done: dict[str, Run] = {}

    def replay(name: str, **given: object) -> Run:
        key = repr((name, sorted(given.items())))
        if key not in done:
            before: list[ExportMetricsServiceRequest] = []

            def history(ready: int) -> list[ExportMetricsServiceRequest]:
                before.extend(real_processes.later(recording, ready))
                return before

            text = registry.render(name, given).text
            folder = tmp_path_factory.mktemp("replay")
            done[key] = Run(before, stock_collector.through(collector_binary, folder, text, history))
        return done[key]

    return replay


def decoded(requests: list[ExportMetricsServiceRequest]) -> Capture:
    return decode([request.SerializeToString() for request in requests])


def test_the_recording_has_every_metric_that_templates_read_and_births(recording):
    assert len(recording) >= 8
    assert {point.metric for point in promises.points(recording)} == set(source.METRICS)
    resources = [dict(point.resource) for point in promises.points(recording)]
    assert all("host.name" in resource and "process.command_line" not in resource for resource in resources)
    first = promises.first_time(recording)
    born = [point for point in promises.points(recording) if point.start >= first]
    assert {dict(point.resource)["process.executable.name"] for point in born} >= {"loadsim-job"}


@pytest.mark.parametrize("name", [name for name in registry.names() if name != "process-minimal-v1"])
def test_critical_processes_are_as_they_were(replay, name):
    result = replay(name)
    critical = promises.named(*CRITICAL)
    assert {dict(point.resource)["process.executable.name"] for point in promises.points(result.before)} >= {*CRITICAL}
    assert promises.values(result.after, critical) == promises.values(result.before, critical)


@pytest.mark.parametrize("temporality", ["cumulative", "delta"])
@pytest.mark.parametrize("name", FOLDING)
def test_folding_conserves_totals_and_corrupts_nothing(replay, name, temporality):
    keep_low = {"low_processes": "", **LIMITS} if name == "process-intelligent-v1" else {}
    result = replay(name, temporality=temporality, **keep_low)
    before, after = (promises.increases(side, promises.anyone, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
    assert before["process.cpu.time", "user"] > 0
    levels_before, levels_after = (promises.levels(side, promises.anyone) for side in (result.before, result.after))
    assert promises.close(levels_before, levels_after)
    assert promises.duplicates(result.after) == []
    assert promises.fallen(result.after) == []


@pytest.mark.parametrize("name", ["process-topk-v1", "process-intelligent-v1"])
def test_heavy_processes_are_whole(replay, name):
    result = replay(name, **LIMITS)
    usage = [point for point in promises.points(result.before) if point.metric == "process.memory.usage"]
    light = {point.resource for point in usage if point.value < 32 * 2**20}
    heavy = {point.resource for point in usage} - light
    assert HEAVY in {dict(resource)["process.executable.name"] for resource in heavy}

    def is_heavy(resource: Mapping[str, str]) -> bool:
        return frozenset(resource.items()) in heavy

    before, after = (promises.values(side, is_heavy, start=False) for side in (result.before, result.after))
    assert after == before


def test_thresholds_derived_from_a_recording_keep_about_k(replay, capture):
    derived = thresholds.derive_thresholds(capture, 12)
    result = replay("process-topk-v1", critical_processes="none-such", **derived)
    counted = thresholds.kept_per_scrape(decoded(result.after))
    assert 6 <= counted.median <= 18
    assert counted.minimum <= counted.median <= counted.maximum


def test_intelligent_saves_more_series_than_priority(replay):
    priority = promises.series(replay("process-priority-filter-v1").after)
    intelligent = promises.series(replay("process-intelligent-v1").after)
    assert len(intelligent) < len(priority)


@pytest.mark.parametrize("name", registry.names())
def test_the_loss_check_calls_nothing_corrupted_and_misses_nothing(replay, name):
    result = replay(name)
    loss = assess_loss(decoded(result.before), decoded(result.after), declared=registry.render(name).fold_map)
    assert loss.corrupted == ()
    assert loss.undeclared_missing == ()
