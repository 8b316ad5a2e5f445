import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.errors import UnsupportedComponentError
from phoenix.collector.replay.own_clock import longest_gap, refuse_own_clock, refuse_process_start
from phoenix.collector.replay.plan import plan_replay

CAPTURE = scrapes([0, 10, 400, 410])


def refuse(name, settings, capture=CAPTURE):
    config = metrics_config(name, f"{{{name}: {settings}}}")
    refuse_own_clock(config, plan_replay(config, None), capture)


def test_the_longest_gap_is_within_a_series():
    assert longest_gap(CAPTURE) == pytest.approx(390)
    assert longest_gap(scrapes([0])) == 0
    assert longest_gap(scrapes([])) == 0


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("interval", "{}"),
        ("cumulativetodelta", "{max_staleness: 5m}"),
        ("delta_to_cumulative", "{}"),
        ("transform", "{metric_statements: ['set(datapoint.time, Now())']}"),
    ],
)
def test_refuses_by_name_and_points_to_the_harness(name, settings):
    with pytest.raises(UnsupportedComponentError, match=name) as refused:
        refuse(name, settings)
    assert "harness" in refused.value.user_action


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("batch", "{timeout: 10s}"),
        ("cumulative_to_delta", "{}"),
        ("cumulative_to_delta", "{max_staleness: 10m}"),
        ("delta_to_cumulative", "{max_stale: 1h}"),
        ("delta_to_cumulative", "{max_stale: not a duration}"),
    ],
)
def test_takes_what_is_exact(name, settings):
    refuse(name, settings)


def test_refuses_start_times_of_the_process():
    config = metrics_config("metricstarttime", "{metricstarttime: {strategy: start_time_metric}}")
    with pytest.raises(UnsupportedComponentError, match="moment its process started"):
        refuse_process_start(config, plan_replay(config, None))
