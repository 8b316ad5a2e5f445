import pytest
from tests.support.metering.telemetry import KEY, MINUTE, SECOND, Body, parts_of, window_of
from tests.support.otlp import canonical
from tests.support.replay.process_requests import scrapes
from tests.support.scrapes import history

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.measure import measure
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.window import Carry, Labels, WindowPlan, finish, measure_windows, merge
from phoenix.telemetry.window.plan import WindowPlanError


def whole(capture: Capture, plan: WindowPlan):
    parts = measure_windows(capture, plan, Labels(KEY)).parts
    return finish(merge(parts, plan.max_series), plan, Carry())[0]


def test_counts_what_the_offline_measurement_counts():
    requests = [canonical(request) for request in history(3, MINUTE, scrapes=6)]
    capture = decode(requests)
    window, offline = whole(capture, WindowPlan(3600.0)), measure(capture)
    assert (len(window.series.hashes), window.points) == (offline.series, offline.points)
    assert (window.otlp_bytes, window.json_bytes) == (offline.bytes, offline.json_bytes)
    assert (window.first_time, window.last_time) == (offline.first_time, offline.last_time)
    assert window.requests == offline.scrapes == len(requests)
    assert sum(part.processes for part in window.processes.values()) == offline.processes
    assert {name: (part.series, part.points) for name, part in window.metrics.items()} == {
        name: (count.series, count.points) for name, count in offline.metrics.items()
    }
    for name, total in offline.totals.items():
        assert window.metrics[name].total == pytest.approx(total)


def test_bytes_are_those_of_the_body_when_nothing_in_it_is_empty():
    requests = encode(scrapes([0]))
    parts = parts_of(requests, WindowPlan(86_400.0))
    assert sum(int(part.tallies[:, 1].sum()) for part in parts) == sum(map(len, requests))


def test_a_body_is_cut_at_the_border_of_windows_and_each_gets_its_share():
    body = Body().gauge("a", 1, time=MINUTE - 1).gauge("a", 1, time=MINUTE)
    before, after = parts_of([body.written], WindowPlan(60.0))
    assert (before.start, after.start) == (MINUTE - 60 * SECOND, MINUTE)
    assert before.requests == after.requests == 1
    assert int(before.tallies[:, 1].sum() + after.tallies[:, 1].sum()) == len(body.written)


def test_a_scrape_is_a_round_of_the_longest_lived_series():
    bodies = [Body().gauge("a", 1, time=MINUTE + tick).gauge("b", 1, time=MINUTE + tick + 5) for tick in (0, 100, 200)]
    window, _ = window_of([*bodies, Body().gauge("a", 1, time=MINUTE + 300)])
    assert (window.scrapes, window.requests) == (4, 4)


def test_points_without_a_time_or_beyond_counting_are_in_no_window():
    body = Body().gauge("a", 1, time=0).gauge("a", 1, time=2**63).gauge("a", 1, time=MINUTE)
    measured = measure_windows(decode([body.written]), WindowPlan(60.0), Labels(KEY))
    assert measured.untimed == 2
    assert [len(part) for part in measured.parts] == [1]


def test_a_body_that_is_scattered_over_windows_keeps_those_with_most_points():
    body = Body()
    for window in range(20):
        for _ in range(1 + (window == 7)):
            body.gauge("a", 1, time=MINUTE + window * 60 * SECOND)
    measured = measure_windows(decode([body.written]), WindowPlan(60.0, max_windows=3), Labels(KEY))
    assert len(measured.parts) == 3
    assert max(measured.parts, key=len).start == MINUTE + 7 * 60 * SECOND
    assert measured.scattered == 17


def test_the_set_of_series_is_cut_to_the_smallest_hashes_and_says_so():
    body = Body()
    for pid in range(50):
        body.gauge("a", 1, time=MINUTE, pid=pid)
    everything, _ = window_of([body])
    cut, _ = window_of([body], WindowPlan(60.0, max_series=10))
    assert cut.series.hashes.tolist() == everything.series.hashes[:10].tolist()
    assert (cut.series.truncated, everything.series.truncated) == (True, False)
    # What is counted by metric is of all series.
    assert (cut.points, cut.metrics["a"].points, cut.metrics["a"].series) == (50, 50, 10)


def test_processes_are_distinct_resources_with_a_pid_by_executable():
    body = Body()
    for pid, name in ((1, "db"), (2, "db"), (3, "web")):
        body.gauge("a", 1, time=MINUTE, pid=pid, executable=name).gauge("b", 1, time=MINUTE, pid=pid, executable=name)
    body.gauge("c", 1, time=MINUTE, pid=None)
    plan = WindowPlan(60.0, tuple(map(ProcessPattern.parse, ("db", "w.*", "gone"))))
    window, _ = window_of([body, body], plan)
    assert {name: (part.processes, part.series) for name, part in window.processes.items()} == {
        "db": (2, 4),
        "web": (1, 2),
    }
    assert window.critical == {"db": 2, "w.*": 1}


@pytest.mark.parametrize("seconds", [0.0, -1.0, 86_401.0, float("nan")])
def test_refuses_a_width_that_is_no_window(seconds):
    with pytest.raises(WindowPlanError):
        WindowPlan(seconds)


def test_refuses_more_patterns_than_a_mask_has_bits():
    with pytest.raises(WindowPlanError, match="65 critical"):
        WindowPlan(60.0, (ProcessPattern.parse("a"),) * 65)
