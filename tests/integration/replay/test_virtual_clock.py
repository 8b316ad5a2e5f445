"""What a collector does by its own clock happens at the moment the capture's times say."""

import numpy as np
import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import FIRST, SECOND, flattened, scrapes

MINUTES = [0, 20, 40, 60, 80, 100]
YEAR = 365 * 86_400 * SECOND


def seconds_after_first(capture, first=FIRST):
    return [round((int(time) - first) / SECOND) for time in capture.batches]


def test_output_says_when_each_request_arrived(harness):
    answer = harness.evaluate(metrics_config(""), scrapes(MINUTES))
    assert seconds_after_first(answer) == MINUTES


def test_interval_emits_every_interval_and_what_is_left_at_the_end(harness):
    document = metrics_config("interval", "{interval: {interval: 30s, pass_through: {gauge: true}}}")
    answer = harness.evaluate(document, scrapes(MINUTES))
    ticks = sorted(set(seconds_after_first(answer)))
    assert ticks == [0, 20, 30, 40, 60, 80, 90, 100]


def test_batch_waits_for_its_timeout_on_the_virtual_clock(harness):
    document = metrics_config("batch", "{batch: {timeout: 50s}}")
    assert seconds_after_first(harness.evaluate(document, scrapes(MINUTES))) == [50, 100, 100]


def test_now_is_the_moment_of_the_request(harness):
    statement = "set(datapoint.time, Now())"
    document = metrics_config("transform", f"{{transform: {{metric_statements: ['{statement}']}}}}")
    answer = harness.evaluate(document, scrapes([0, 60]))
    assert set(answer.points.time.tolist()) == {int(time) for time in answer.batches}


def test_delta_drops_the_first_point_of_what_is_older_and_keeps_that_of_a_birth(harness):
    document = metrics_config("cumulative_to_delta", "{cumulative_to_delta: {initial_value: auto}}")
    capture = scrapes([0, 10], processes=8)
    answer = harness.evaluate(document, capture)
    counters = [point for point in flattened(answer) if "process.cpu.time" in point]
    # Old: 0, 2, 4 and 6, of which 2 ends; born at once: 1 and 3, with no time between birth and point; born later: 5
    # (which ends before it is seen) and 7. So 0, 4, 6, 1, 3 give a difference and 7 its first value, in two states.
    assert len(counters) == 12


def test_state_goes_stale_in_a_gap(harness):
    keep = metrics_config("cumulative_to_delta", "{cumulative_to_delta: {initial_value: drop, max_staleness: 1h}}")
    forget = metrics_config("cumulative_to_delta", "{cumulative_to_delta: {initial_value: drop, max_staleness: 1m}}")
    capture = scrapes([0, 10, 600, 610])
    assert len(harness.evaluate(forget, capture).points) < len(harness.evaluate(keep, capture).points)


@pytest.mark.parametrize("first", [5 * SECOND, 25 * YEAR, 170 * YEAR])
def test_other_centuries_are_replayed_as_they_are(harness, first):
    document = metrics_config("cumulative_to_delta, batch", "{cumulative_to_delta: , batch: {timeout: 30s}}")
    answer = harness.evaluate(document, scrapes(MINUTES, first=first + YEAR))
    usual = harness.evaluate(document, scrapes(MINUTES))
    assert (answer.points.time - np.uint64(first + YEAR)).tolist() == (usual.points.time - np.uint64(FIRST)).tolist()
    assert seconds_after_first(answer, first + YEAR) == seconds_after_first(usual)


def test_a_capture_without_points_gives_one_without_points(harness):
    assert len(harness.evaluate(metrics_config("batch", "{batch: }"), scrapes([])).points) == 0


def test_the_same_evaluation_gives_the_same_answer(harness):
    document = metrics_config("interval, batch", "{interval: {interval: 15s}, batch: {timeout: 7s}}")
    capture = scrapes(MINUTES)
    assert flattened(harness.evaluate(document, capture)) == flattened(harness.evaluate(document, capture))
