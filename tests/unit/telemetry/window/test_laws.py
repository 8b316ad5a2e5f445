"""A window is the same however it was cut into bodies, in whatever order they came and were put together."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.metering.telemetry import KEY, MINUTE, parts_of, shown
from tests.support.otlp import canonical, serialized
from tests.support.scrapes import history

from phoenix.telemetry.codec import decode
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.window import Carry, Labels, Part, WindowPlan, finish, measure_windows, merge

# 2**64 nanoseconds are 18 billion seconds: any time falls into one of these windows.
PLAN = WindowPlan(86_400.0, (ProcessPattern.parse("db"),), max_windows=1000)


def by_start(parts):
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.start, []).append(part)
    return found


def measures(parts, plan=PLAN, merged=merge):
    carry, found = Carry(), []
    for _, same in sorted(by_start(parts).items()):
        measure, carry = finish(merged(same, plan.max_series), plan, carry)
        found.append(shown(measure))
    return found


@given(serialized(4), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_capture_measures_like_its_requests_one_by_one_in_any_order(requests, random):
    whole = measures(parts_of(requests, PLAN))
    # Requests in which a window has no points are no requests of it, alone or together.
    single = [part for request in requests for part in parts_of([request], PLAN)]
    random.shuffle(single)
    assert measures(single) == whole


def cut_anywhere(parts, random):
    """Merge parts in a random tree."""

    def merged(same, most):
        pool = list(same)
        while len(pool) > 1:
            chosen = [pool.pop(random.randrange(len(pool))) for _ in range(min(len(pool), random.choice((1, 2, 3))))]
            pool.append(merge(chosen, most))
        return merge(pool, most)

    return measures(parts, merged=merged)


@given(serialized(4), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_merging_is_associative_and_commutative(requests, random):
    single = [part for request in requests for part in parts_of([request], PLAN)]
    assert cut_anywhere(single, random) == measures(single)


@given(st.integers(0, 10_000), st.sampled_from([7.0, 15.0, 60.0]), st.integers(1, 40))
@settings(max_examples=15)
def test_windows_of_scrapes_are_the_same_however_cut_and_capped(seed, seconds, cap):
    plan = WindowPlan(seconds, (ProcessPattern.parse("db"),), max_series=cap if seed % 2 else 100_000)
    requests = [canonical(request) for request in history(seed, MINUTE, scrapes=6)]
    whole = measures(measure_windows(decode(requests), plan, Labels(KEY)).parts, plan)
    single = [part for request in requests for part in parts_of([request], plan)]
    Random(seed).shuffle(single)
    assert measures(single, plan) == whole


@given(serialized(3))
@settings(max_examples=60)
def test_points_and_bytes_add_up_to_those_of_the_requests(requests):
    capture = decode(requests)
    measured = measure_windows(capture, PLAN, Labels(KEY))
    points = sum(int(part.tallies[:, 0].sum()) for part in measured.parts)
    assert points + measured.untimed + measured.scattered == len(capture.points)
    assert sum(int(part.tallies[:, 1].sum()) for part in measured.parts) <= sum(map(len, requests))
