"""What is said of two arms."""

from dataclasses import replace

import pytest
from tests.support.experiments.arms import (
    FILTER,
    HOST,
    NOON,
    PLAN,
    WIDTH,
    pair,
    reading,
    steady_readings,
    streams,
    window,
)

from phoenix.collector.compose.model import Arm
from phoenix.core.ids import HostId
from phoenix.decide.arms.comparison import compare_arms, windows_as_dicts
from phoenix.decide.arms.pairing import pair_windows
from phoenix.decide.arms.use import collector_use, processor_seconds
from phoenix.telemetry.window.model import MetricPart


def test_series_are_a_union_over_the_period_and_a_mean_over_windows():
    comparison = compare_arms([pair(0, window(0, 1, 2), window(0, 1)), pair(1, window(1, 2, 3), window(1, 2))])
    baseline = comparison.arms[Arm.BASELINE]
    assert (baseline.series, baseline.series_per_window) == (3, 2.0)
    assert comparison.arms[Arm.CANDIDATE].series == 2


def test_a_saving_is_the_difference_of_totals_in_percent_of_the_baseline():
    comparison = compare_arms([pair(0, window(0, 1, 2, 3, 4), window(0, 1)), pair(1, window(1, 1, 2), window(1, 1))])
    assert comparison.saving_percent["series"] == 75.0
    assert comparison.saving_percent["points"] == pytest.approx(100 * (18 - 6) / 18)
    assert comparison.saving_percent_mean["points"] == pytest.approx((75 + 50) / 2)


def test_every_vendor_has_a_saving():
    comparison = compare_arms([pair(0, window(0, *range(10)), window(0, 1))])
    assert comparison.saving_percent["datadog-classic"] == pytest.approx(90.0)
    assert comparison.saving_percent["new-relic"] == pytest.approx(90.0)
    assert comparison.saving_percent["grafana-cloud"] is not None


def test_money_has_ranges_and_warns_of_renamed_metrics():
    renamed = replace(window(0, 1), metrics={"team.cpu": MetricPart(1, 3, 150, 600)})
    found = compare_arms([pair(0, window(0, *range(10)), renamed)])
    assert found.as_dict()["money"]["warnings"] == list(found.warnings)
    assert "team.cpu is not among" in found.warnings[0]
    grafana = found.as_dict()["money"]["vendors"]["grafana-cloud"]
    assert float(grafana["saving"]["low"]) <= float(grafana["saving"]["amount"])
    assert compare_arms([pair(0, window(0, 1), window(0, 1))]).warnings == ()


def test_an_experiment_without_windows_has_unknown_savings_and_no_zero():
    comparison = compare_arms([])
    assert set(comparison.saving_percent.values()) == {None}
    assert {cost.money for cost in comparison.arms[Arm.BASELINE].cost.values()} == {None}


def test_series_above_the_cap_make_their_saving_and_its_money_unknown():
    capped = window(0, 1, 2)
    object.__setattr__(capped.series, "truncated", True)
    comparison = compare_arms([pair(0, capped, window(0, 1))])
    assert comparison.saving_percent["series"] is None
    assert comparison.saving_percent["datadog-classic"] is None
    assert comparison.saving_percent["new-relic"] is not None


def test_a_month_is_the_rate_of_each_hosts_windows():
    one = compare_arms([pair(0, window(0, 1), window(0, 1))])
    more = compare_arms([pair(n, window(n, 1), window(n, 1)) for n in range(4)])
    told = [{name: cost.if_billed.likely for name, cost in it.arms[Arm.BASELINE].cost.items()} for it in (one, more)]
    assert told[0] == told[1]


def test_critical_processes_are_counted_window_by_window():
    comparison = compare_arms(
        [
            pair(0, window(0, 1, critical={"nginx": 2}), window(0, 1, critical={"nginx": 2})),
            pair(1, window(1, 1, critical={"nginx": 2}), window(1, 1)),
        ]
    )
    assert comparison.critical.as_dict() == {"expected": 4, "kept": 2}


def test_movers_name_what_saves_most():
    comparison = compare_arms([pair(0, window(0, 1, 2, 3), window(0, 1), HostId("b"))])
    mover = comparison.metrics[0].as_dict()
    assert mover["series_per_window"] == {"baseline": 3.0, "candidate": 1.0}
    assert comparison.processes[0].as_dict()["points"] == {"baseline": None, "candidate": None}


def test_windows_are_listed_with_both_arms_or_with_their_reason():
    own = steady_readings(60)
    pairing = pair_windows([streams([window(0, 1), window(1, 1, 2)], [window(0, 1), window(1, 1)], own)], PLAN)
    first, second = windows_as_dicts(pairing)
    assert first["no_data"]["kind"] == "warm_up"
    assert (second["host"], second["start"]) == (HOST, NOON + WIDTH)
    assert second["saving_percent"]["series"] == 50.0


def test_processor_time_counts_over_restarts_and_leaves_out_what_came_before():
    own = [reading(10, points=1000), reading(20, points=3000), reading(30, started=25, points=500)]
    own.append(reading(40, started=25, points=1500))
    assert processor_seconds(own, [FILTER]) == pytest.approx(3.0)


def test_use_of_the_collector_is_a_rate_and_a_mean():
    use = collector_use([reading(10, memory=100), reading(20, memory=300)])
    assert use is not None
    assert (use.seconds, use.memory_bytes, use.memory_bytes_most) == (10.0, 200, 300)
    assert use.cpu_percent == pytest.approx(10.0)


def test_one_report_says_nothing_of_use():
    assert collector_use([reading(10)]) is None
