"""The report of one pipeline, and which pipeline is best."""

import dataclasses
import json

import pytest
from tests.support.loss.records import Form, capture_of, process, process_records, scrape_times

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.decide.report import Cadence, Measured, best, compare, holding
from phoenix.telemetry.processes import ProcessPattern

CRITICAL = [ProcessPattern.parse("postgres")]
DROP_REST = FoldMap((FoldRule(Fate.KEPT, tuple(CRITICAL)), FoldRule(Fate.DROPPED)))


def run(pid, name):
    return process_records(process(pid, name), scrape_times(3))


BEFORE = [*run(1, "postgres"), *run(2, "cron"), *run(3, "nginx"), *run(4, "nginx")]


def report(name, after, *, declared=None, **more):
    return compare(name, capture_of(BEFORE), capture_of(after), declared=declared, critical=CRITICAL, **more)


def test_a_report_has_savings_costs_and_losses():
    found = report("priority", [*run(1, "postgres"), *run(2, "cron")], declared=DROP_REST).as_dict()
    assert found["series"] == 8
    assert found["points"] == 24
    assert found["saving_percent"] == {
        "series": 50.0,
        "points": 50.0,
        "bytes": pytest.approx(50, abs=5),
        "amazon-managed-prometheus": 50.0,
        "cloudwatch-otel": None,
        "datadog-classic": 50.0,
        "datadog-metric-name": None,
        "google-managed-prometheus": 50.0,
        "grafana-cloud": 50.0,
        "new-relic": pytest.approx(50, abs=5),
        "new-relic-data-plus": pytest.approx(50, abs=5),
        "self-hosted-mimir": None,
        "self-hosted-victoriametrics": None,
    }
    assert found["cost"]["grafana-cloud"]["amount"] == "0.05"
    assert found["cost"]["datadog-classic"]["amount"] is None
    assert found["cost"]["datadog-classic"]["if_billed"] == "0.40"
    assert found["cost"]["cloudwatch-otel"] is None
    assert found["critical_processes"]["expected"] == 1
    assert found["dropped"]["series"] == 8
    assert found["folded"]["series_in"] == 0
    assert found["corrupted"] == []
    assert found["cpu_seconds_per_million_points"] is None
    assert found["safe"] is True
    json.dumps(found)


def test_what_the_input_holds_is_what_a_report_of_it_unchanged_says():
    cadence = Cadence(10.0)
    unchanged = compare("receivers", capture_of(BEFORE), capture_of(BEFORE), cadence=cadence).as_dict()
    smaller = report("x", run(1, "postgres"), before_cadence=cadence)
    held = holding("receivers", Measured.of(capture_of(BEFORE)), smaller).as_dict()
    assert held == {name: unchanged[name] for name in ("name", "series", "points", "bytes", "cost")}


def test_a_report_of_an_undeclared_config_says_dropped_or_folded():
    reported = report("mine", run(1, "postgres"), cpu_seconds_per_million_points=0.8)
    assert reported.loss.dropped_or_folded is not None
    assert reported.loss.dropped_or_folded.series == 12
    found = reported.as_dict()
    assert "dropped" not in found
    assert found["cpu_seconds_per_million_points"] == 0.8


def test_the_interval_scales_money_by_points_and_not_by_series():
    minute, quarter = (report("x", BEFORE, cadence=Cadence(seconds)).cost for seconds in (60, 15))
    assert quarter["datadog-classic"].if_billed == minute["datadog-classic"].if_billed
    assert quarter["grafana-cloud"].amount.likely == 4 * minute["grafana-cloud"].amount.likely


def test_each_side_is_priced_at_its_own_cadence():
    slower = report("x", BEFORE, cadence=Cadence(60), before_cadence=Cadence(15))
    assert slower.saving_percent["datadog-classic"] == 0
    assert slower.saving_percent["new-relic"] == pytest.approx(75)


def test_what_is_thinned_by_the_clock_at_another_cadence_has_no_price_by_points():
    found = report("x", BEFORE, cadence=Cadence(60, thins_by_clock=True), before_cadence=Cadence(60))
    assert found.cost["new-relic"].money is None
    assert found.saving_percent["new-relic"] is None
    assert found.cost["datadog-classic"].if_billed.likely is not None


def test_a_thinned_output_costs_less_by_points():
    """A month is counted in scrapes of the input: one point in three of each series is a third of the bytes."""
    thinned = report("x", [record for record in BEFORE if record.time == BEFORE[0].time])
    assert thinned.saving_percent["series"] == 0
    assert thinned.saving_percent["new-relic"] == pytest.approx(100 * 2 / 3, abs=2)


def test_an_empty_input_has_unknown_savings_and_costs():
    found = compare("x", capture_of([]), capture_of([]))
    assert set(found.saving_percent.values()) == {None}
    assert {cost.money for cost in found.cost.values()} == {None}
    assert found.as_dict()["cost"]["new-relic"] is None


def test_a_measured_baseline_gives_the_same_report():
    after = capture_of(run(1, "postgres"))
    assert compare("x", Measured.of(capture_of(BEFORE)), after) == compare("x", capture_of(BEFORE), after)


def test_histograms_and_renamed_metrics_are_warned_of():
    odd = [record.but(form=Form("team.latency", type="histogram"), counts=(1, 2)) for record in run(9, "api")[:1]]
    found = report("x", [*BEFORE, *odd])
    assert ["may become a custom metric" in words for words in found.warnings] == [True, True, False]
    assert found.warnings[2].startswith("team.latency hold histograms")
    assert report("x", BEFORE).warnings == ()


def test_losing_a_critical_process_is_unsafe():
    assert not report("x", run(2, "cron")).safe


def test_corruption_is_unsafe():
    twice = report("x", [*BEFORE, BEFORE[0]])
    assert twice.critical.kept == 1
    (corruption,) = [one for one in twice.as_dict()["corrupted"] if one["kind"] == "duplicate_identity"]
    assert corruption["count"] == 1
    assert not twice.safe


def test_the_best_saves_most_series_and_is_safe():
    small = report("small", [*run(1, "postgres"), *run(2, "cron")])
    tiny = report("tiny", run(1, "postgres"))
    unsafe = report("unsafe", [])
    assert best([small, unsafe, tiny]) is tiny


def test_equal_series_are_decided_by_bytes_then_by_name():
    fat = report("a-fat", BEFORE[:-1])
    lean = report("lean", BEFORE[:-2])
    twin = dataclasses.replace(lean, name="a-twin")
    assert fat.saving_percent["series"] == lean.saving_percent["series"] == 0
    assert best([fat, lean, twin]) is twin


def test_the_baseline_is_never_best():
    assert best([report("baseline", BEFORE)]) is None
    assert best([]) is None
