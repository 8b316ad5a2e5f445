"""Dropped, folded, kept: what a fold map declares against what is there."""

from tests.support.loss.records import (
    NOON,
    UTILIZATION,
    Form,
    Record,
    capture_of,
    process,
    process_records,
    scrape_times,
)
from tests.support.loss.regrouping import folded

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.processes import ProcessPattern

CRITICAL = (ProcessPattern.parse("postgres"),)
KEEP_CRITICAL_DROP_REST = FoldMap((FoldRule(Fate.KEPT, CRITICAL), FoldRule(Fate.DROPPED)))
KEEP_CRITICAL_FOLD_REST = FoldMap((FoldRule(Fate.KEPT, CRITICAL), FoldRule(Fate.FOLDED)))


def run(pid, name, scrapes=4):
    return process_records(process(pid, name), scrape_times(scrapes))


def loss_of(before, after, declared):
    return assess_loss(capture_of(before), capture_of(after), declared=declared)


def test_what_is_declared_dropped_is_counted_with_its_totals():
    loss = loss_of([*run(1, "postgres"), *run(2, "cron")], run(1, "postgres"), KEEP_CRITICAL_DROP_REST)
    assert loss.harmless
    assert loss.dropped is not None
    assert (loss.dropped.series, loss.dropped.points) == (4, 16)
    assert loss.dropped.totals == {
        "process.cpu.time": 1.5,
        "process.disk.io": 30,
        "process.memory.usage": 4 * 8192 + 6,
    }
    assert loss.folded is not None
    assert loss.folded.series_in == 0
    assert loss.dropped_or_folded is None


def test_a_series_declared_kept_that_is_gone_is_missing_and_unsafe():
    loss = loss_of([*run(1, "postgres"), *run(2, "cron")], run(2, "cron"), KEEP_CRITICAL_DROP_REST)
    assert not loss.harmless
    assert not loss.corrupted
    assert [(missing.metric, missing.series) for missing in loss.undeclared_missing] == [
        ("process.cpu.time", 2),
        ("process.disk.io", 1),
        ("process.memory.usage", 1),
    ]
    assert "of postgres (pid 1) on host a" in loss.undeclared_missing[0].example
    assert loss.undeclared_missing[0].why == "2 series declared to be kept did not arrive."


def test_what_is_kept_though_declared_dropped_is_kept():
    loss = loss_of(run(2, "cron"), run(2, "cron"), KEEP_CRITICAL_DROP_REST)
    assert loss.dropped is not None
    assert loss.dropped.series == 0
    assert loss.harmless


def test_a_rule_may_speak_of_single_metrics():
    declared = FoldMap((FoldRule(Fate.DROPPED, metrics=frozenset({"process.memory.usage"})),))
    cron = run(2, "cron")
    loss = loss_of(cron, [record for record in cron if record.form.name != "process.memory.usage"], declared)
    assert loss.harmless
    assert loss.dropped is not None
    assert set(loss.dropped.totals) == {"process.memory.usage"}


def test_no_rule_means_kept():
    assert not loss_of(run(2, "cron"), [], FoldMap()).harmless


def test_a_series_with_fewer_points_is_thinned_and_neither_dropped_nor_missing():
    loss = loss_of(run(1, "postgres"), run(1, "postgres", scrapes=3), KEEP_CRITICAL_DROP_REST)
    assert loss.harmless
    assert (loss.thinned.series, loss.thinned.points) == (4, 4)
    assert loss.dropped is not None
    assert loss.dropped.series == 0


def test_points_moved_in_time_are_not_thinned():
    loss = loss_of(run(1, "postgres"), [record.but(time=record.time - 1) for record in run(1, "postgres")], FoldMap())
    assert loss.thinned.points == 0


def test_a_process_folded_at_some_scrapes_and_kept_at_others_is_whole_with_its_share_of_the_group():
    cron = [record for record in run(2, "cron") if record.form.name == "process.memory.usage"]
    loss = loss_of(cron, [*cron[:2], *folded(cron[2:])], KEEP_CRITICAL_FOLD_REST)
    assert loss.harmless
    assert loss.thinned.points == 2


def test_a_gauge_declared_folded_must_add_up():
    gauges = [Record(UTILIZATION, 0.25 * pid, NOON, 0, {}, process(pid, "web")) for pid in (1, 2)]
    group = gauges[0].without("process.pid", "process.command_line")
    assert loss_of(gauges, [group.but(value=0.75)], KEEP_CRITICAL_FOLD_REST).harmless
    (short,) = loss_of(gauges, [group.but(value=0.25)], KEEP_CRITICAL_FOLD_REST).undeclared_missing
    assert short.example.endswith("adds up to 0.75 in the input and to 0.25 in the output")


def test_more_in_the_group_than_went_in_is_a_total_that_grew_though_the_whole_did_not():
    dropped = FoldMap((FoldRule(Fate.DROPPED, CRITICAL), FoldRule(Fate.FOLDED)))
    before = [*run(9, "postgres"), *run(1, "cron")]
    after = [record.but(value=2 * (record.value or 0)) for record in folded(run(1, "cron"))]
    kinds = {(one.kind.value, one.metric) for one in loss_of(before, after, dropped).corrupted}
    assert kinds == {
        ("total_grew", "process.cpu.time"),
        ("total_grew", "process.disk.io"),
        ("total_grew", "process.memory.usage"),
    }


def test_a_metric_that_cannot_be_added_needs_a_group_all_the_same():
    histogram = Record(Form("latency", type="histogram"), 0, NOON, 0, {}, process(2, "cron"), counts=(1, 2))
    (missing,) = loss_of([histogram], [], KEEP_CRITICAL_FOLD_REST).undeclared_missing
    assert missing.example == "1 series of latency declared to be folded, and no group of it came out"
    grouped = histogram.without("process.pid", "process.command_line")
    assert loss_of([histogram], [grouped], KEEP_CRITICAL_FOLD_REST).harmless


def test_a_total_that_the_input_cannot_tell_is_shown_and_not_judged():
    io = [record for record in run(2, "cron") if record.form.name == "process.disk.io"]
    fallen = [*io[:2], *(record.but(value=1) for record in io[2:])]
    group = [record.without("process.pid", "process.command_line").but(value=9, time=NOON) for record in io[:1]]
    loss = loss_of(fallen, group, KEEP_CRITICAL_FOLD_REST)
    assert loss.harmless
    assert loss.folded is not None
    assert loss.folded.totals_error == 1.0


def test_something_from_nothing_is_an_error_of_the_whole():
    cron = [record for record in run(2, "cron", scrapes=1) if record.form.name == "process.disk.io"]
    group = [record.but(value=5, start=NOON) for record in cron]
    group = [record.without("process.pid", "process.command_line") for record in group]
    loss = loss_of(cron, group, KEEP_CRITICAL_FOLD_REST)
    assert loss.folded is not None
    assert loss.folded.totals_error == 1.0


def test_the_json_names_what_is_known():
    before = [*run(1, "postgres"), *run(2, "cron")]
    known = loss_of(before, run(1, "postgres"), KEEP_CRITICAL_DROP_REST).as_dict()
    assert {"dropped", "folded"} <= known.keys()
    assert "dropped_or_folded" not in known
    unknown = assess_loss(capture_of(before), capture_of(run(2, "cron"))).as_dict()
    assert "dropped" not in unknown
    assert unknown["dropped_or_folded"] == {
        "series": 4,
        "points": 16,
        "totals": {"process.cpu.time": 1.5, "process.disk.io": 30, "process.memory.usage": 4 * 4096 + 6},
    }
    missing = loss_of(before, run(2, "cron"), KEEP_CRITICAL_DROP_REST).as_dict()["undeclared_missing"]
    assert isinstance(missing, list)
    assert missing[0]["series"] == 2
