"""The month of a capture."""

from decimal import Decimal

import pytest
from tests.support.loss.records import capture_of, process, process_records, scrape_times
from tests.support.pricing import sides

from phoenix.decide.errors import CadenceInvalidError
from phoenix.decide.loss.observed import Observed
from phoenix.decide.pricing.usage.capture import Scrapes, usage_of_capture
from phoenix.decide.pricing.usage.periods import Period
from phoenix.telemetry.measure import measure

HOUR = Period(3600.0)
TIMES = scrape_times(4)


def run(pid, name, *, host="a", times=TIMES):
    return process_records(process(pid, name, host), times)


def month(records, interval=60.0, of=None, **more):
    observed = Observed.of(capture_of(records))
    scrapes = Scrapes.of(observed if of is None else Observed.of(capture_of(of)), interval)
    return usage_of_capture(observed, scrapes, interval_seconds=interval, **more)


BOTH = [*run(1, "web"), *run(2, "db")]


def test_a_scrape_stands_for_the_pipelines_interval():
    found = month(BOTH, interval=60.0)
    assert found.points().likely == 8 * 43_800
    assert found.series(HOUR).likely == 8
    assert month(BOTH, interval=15.0).points().likely == 8 * 4 * 43_800


def test_bytes_are_those_of_the_measurement():
    measured = measure(capture_of(BOTH))
    found = month(BOTH)
    assert found.json_bytes().likely == Decimal(measured.json_bytes) / 4 * 43_800
    assert found.otlp_bytes().likely == Decimal(measured.bytes) / 4 * 43_800


def test_the_output_is_counted_in_scrapes_of_the_input():
    thinned = [record for record in BOTH if record.time == TIMES[0]]
    assert month(thinned, of=BOTH).points().likely == 8 * 43_800 / 4


def test_an_output_that_is_empty_costs_nothing_and_an_empty_input_is_unknown():
    assert month([], of=BOTH).points().likely == 0
    assert month([], of=BOTH).series(HOUR).likely == 0
    assert month([]).points().nothing_known
    assert month([]).series(HOUR).nothing_known
    assert month([]).minutes() is None


def test_what_is_thinned_by_the_clock_has_series_and_no_points():
    found = month(BOTH, thins_by_clock=True)
    assert found.series(HOUR).likely == 8
    assert found.json_bytes().nothing_known
    assert found.names(100).nothing_known


def test_hosts_are_counted_and_scaled():
    two = month([*run(1, "web"), *run(1, "web", host="b")])
    assert two.hosts == 2
    assert two.for_hosts(20).series(HOUR).likely == 80
    assert two.for_hosts(None).points().likely == 8 * 43_800


def test_a_process_that_comes_later_is_an_arrival():
    found = month([*run(1, "web"), *run(2, "cron", times=TIMES[2:3])])
    seen = found.sightings
    assert seen is not None
    assert int(seen.arrivals().sum()) == 4
    assert seen.series_a_source == 4.0


def test_what_a_source_says_from_its_second_scrape_on_is_no_arrival():
    """A rate or a delta needs two scrapes: the series is as old as its process."""
    late = [record for record in BOTH if record.time > TIMES[0] or record.form.name == "process.memory.usage"]
    seen = month(late, of=BOTH).sightings
    assert seen is not None
    assert int(seen.arrivals().sum()) == 0
    later = [record for record in late if record.time > TIMES[1] or record.form.name == "process.memory.usage"]
    seen = month(later, of=BOTH).sightings
    assert seen is not None
    assert int(seen.arrivals().sum()) == 6


def test_a_group_that_comes_again_is_the_same_and_a_process_is_not():
    late = TIMES[2:]
    group = [record.without("process.pid") for record in run(2, "jobs", times=late)]
    process_again = month([*run(1, "web"), *run(2, "jobs", times=late)], interval=5.0).series(HOUR)
    group_again = month([*run(1, "web"), *group], interval=5.0).series(HOUR)
    assert group_again.likely == 8
    assert sides(process_again)[1] > 100
    assert group_again.high == process_again.high


def test_the_metrics_chosen_are_exact():
    cpu = month(BOTH).only(["process.cpu.time"])
    assert cpu.series(HOUR).likely == 4
    assert cpu.points().likely == 4 * 43_800
    assert sides(month(BOTH).only([]).series(HOUR)) == (0, 0, 0)


def test_metrics_chosen_come_with_as_many_series_a_process():
    cpu = month(BOTH).only(["process.cpu.time"]).sightings
    assert cpu is not None
    assert cpu.series_a_source == 2.0


@pytest.mark.parametrize("interval", [0, -5])
def test_refuses_an_interval_that_makes_no_month(interval):
    with pytest.raises(CadenceInvalidError):
        month(BOTH, interval=interval)


def test_one_scrape_is_as_wide_as_the_interval():
    found = month(run(1, "web", times=TIMES[:1]))
    assert found.points().likely == 4 * 43_800
    assert found.series(HOUR).high is None
