"""The batch processor sends what the collector's sends, at the same moments; memory_limiter lets everything pass."""

import pytest
from tests.support.engine.trees import trees
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.errors import ConfigRefusedError

SETTINGS = (
    "~",
    "{timeout: 0s}",
    "{timeout: 10s}",
    "{timeout: 1h}",
    "{timeout: 1s, send_batch_size: 20}",
    "{timeout: 1h, send_batch_size: 0}",
    "{send_batch_size: 0, send_batch_max_size: 7}",
    "{timeout: 0s, send_batch_size: 5, send_batch_max_size: 5}",
    "{timeout: 1s, send_batch_size: 5, send_batch_max_size: 5}",
    "{timeout: 15s, send_batch_size: 30, send_batch_max_size: 31}",
    "{timeout: 1h, send_batch_size: 1, send_batch_max_size: 1}",
    # What is left at the end and does not fit into one batch is lost.
    "{timeout: 1h, send_batch_size: 100000, send_batch_max_size: 100000}",
    "{timeout: 1000h, send_batch_size: 50, send_batch_max_size: 60}",
    # Time counts from the first request where a batcher is made for its metadata.
    "{timeout: 7s, metadata_keys: [a, B], metadata_cardinality_limit: 1}",
)
WRONG = (
    "{timeout: -1s}",
    "{timeout: soon}",
    "{send_batch_size: -1}",
    "{send_batch_size: '1'}",
    "{send_batch_size: 10, send_batch_max_size: 5}",
    "{send_batch_max_size: 5}",
    "{metadata_keys: [a, A]}",
    "{metadata_keys: {a: b}}",
    "{size: 1}",
)
_LIMITER = "{check_interval: 1s, limit_mib: 100"
LIMITS = (
    f"{_LIMITER}}}",
    "{check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 30}",
    f"{_LIMITER}, spike_limit_mib: 20, max_gc_interval_when_soft_limited: 0s}}",
    f"{_LIMITER}, limit_percentage: 0, spike_limit_percentage: 100}}",
)
WRONG_LIMITS = (
    "~",
    "{limit_mib: 100}",
    "{check_interval: 1s}",
    f"{_LIMITER}, spike_limit_mib: 100}}",
    f"{_LIMITER}, limit_percentage: 101}}",
    f"{_LIMITER}, spike_limit_percentage: 101}}",
    f"{_LIMITER}, limit_percentage: 10, spike_limit_percentage: 10}}",
    f"{_LIMITER}, min_gc_interval_when_soft_limited: 1s, min_gc_interval_when_hard_limited: 2s}}",
    f"{_LIMITER}, max_gc_interval_when_soft_limited: -1s}}",
    f"{_LIMITER}, max_gc_interval_when_hard_limited: -1s}}",
    f"{_LIMITER}, max_gc_interval_when_soft_limited: 1s}}",
    f"{_LIMITER}, max_gc_interval_when_soft_limited: 20s}}",
    f"{_LIMITER}, min_gc_interval_when_hard_limited: 5s, max_gc_interval_when_hard_limited: 1s}}",
    f"{_LIMITER}, limit: 1}}",
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_batches_are_those_of_the_collector(harness, columnar, odd_capture, settings):
    document = metrics_config("batch", f"{{batch: {settings}}}")
    expected, got = harness.evaluate(document, odd_capture), columnar.evaluate(document, odd_capture)
    assert trees(got) == trees(expected)
    assert got.batches.tolist() == expected.batches.tolist()


@pytest.mark.parametrize("settings", SETTINGS)
def test_later_processors_see_a_batch_as_one_request(harness, columnar, odd_capture, settings):
    document = metrics_config(
        "batch, groupbyattrs, batch/again",
        f"{{batch: {settings}, groupbyattrs: {{keys: [state]}}, batch/again: {{timeout: 3s, send_batch_size: 40}}}}",
    )
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


def test_the_timer_goes_on_while_nothing_comes(harness, columnar):
    capture = scrapes([0, 0.05, 0.3, 90, 90.1, 90.15, 300], processes=3)
    document = metrics_config("batch", "{batch: {timeout: 200ms}}")
    expected, got = harness.evaluate(document, capture), columnar.evaluate(document, capture)
    assert trees(got) == trees(expected)
    assert got.batches.tolist() == expected.batches.tolist()


@pytest.mark.parametrize("settings", LIMITS)
def test_the_memory_limiter_lets_everything_pass(harness, columnar, odd_capture, settings):
    document = metrics_config("memory_limiter", f"{{memory_limiter: {settings}}}")
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


@pytest.mark.parametrize(
    ("name", "settings"), [*(("batch", it) for it in WRONG), *(("memory_limiter", it) for it in WRONG_LIMITS)]
)
def test_both_refuse_wrong_settings_of_batches_and_limits(harness, columnar, odd_capture, name, settings):
    document = metrics_config(name, f"{{{name}: {settings}}}")
    for evaluate in (harness.evaluate, columnar.evaluate):
        with pytest.raises(ConfigRefusedError):
            evaluate(document, odd_capture)
