from itertools import islice

import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.collector.cost import CpuCost, rounds
from phoenix.telemetry.codec import decode

SECOND = 10**9


def test_what_an_idle_collector_uses_is_not_the_pipelines():
    cost = CpuCost(cpu_seconds=5.0, idle_cpu_seconds=1.0, points=2_000_000)
    assert cost.seconds_per_million_points == pytest.approx(2.0)


def test_a_collector_that_did_nothing_costs_nothing_rather_than_less():
    assert CpuCost(cpu_seconds=0.1, idle_cpu_seconds=0.2, points=1).seconds_per_million_points == 0


def test_each_round_goes_on_where_the_one_before_ended():
    capture = scrapes([0, 10, 20], processes=2)
    first, second, third = (decode(requests).points for requests in islice(rounds(capture), 3))
    assert first.time.tolist() == capture.points.time.tolist()
    for earlier, later in ((first, second), (second, third)):
        assert int(later.time.min()) - int(earlier.time.max()) >= 9 * SECOND
        assert len({int(after) - int(before) for before, after in zip(earlier.time, later.time, strict=True)}) == 1
    assert second.bits.tolist() == first.bits.tolist()
