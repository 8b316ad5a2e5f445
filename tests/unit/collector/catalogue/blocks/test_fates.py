from phoenix.collector.catalogue.blocks import fates
from phoenix.collector.catalogue.fold_map import Fate, FoldMap
from phoenix.telemetry.processes import ProcessPattern

NGINX = (ProcessPattern.parse("nginx"),)


def resource(name):
    return {"process.executable.name": name}


def test_the_first_rule_decides():
    fold_map = FoldMap(fates.kept(NGINX) + fates.folded())
    assert fold_map.fate(resource("nginx"), "process.uptime") is Fate.KEPT
    assert fold_map.fate(resource("cron"), "process.cpu.time") is Fate.FOLDED
    assert fold_map.fate(resource("cron"), "process.uptime") is Fate.DROPPED


def test_what_is_no_process_is_kept():
    fold_map = FoldMap(fates.dropped(fates.EVERY_PROCESS))
    assert fold_map.fate({"host.name": "a"}, "system.cpu.time") is Fate.KEPT
    assert fold_map.fate(resource("two\nlines"), "process.cpu.time") is Fate.DROPPED


def test_no_pattern_gives_no_rule():
    assert fates.kept(()) == fates.dropped(()) == fates.folded(()) == ()


def test_a_delta_destination_folds_the_counters_of_what_is_kept():
    fold_map = fates.with_delta_counters(FoldMap(fates.kept(NGINX) + fates.dropped(fates.EVERY_PROCESS)))
    assert fold_map.fate(resource("nginx"), "process.cpu.time") is Fate.FOLDED
    assert fold_map.fate(resource("nginx"), "process.threads") is Fate.KEPT
    assert fold_map.fate(resource("cron"), "process.cpu.time") is Fate.DROPPED


def test_a_delta_destination_folds_the_counters_of_the_baseline():
    fold_map = fates.with_delta_counters(FoldMap())
    assert fold_map.fate(resource("nginx"), "process.disk.io") is Fate.FOLDED
    assert fold_map.fate(resource("nginx"), "process.memory.usage") is Fate.KEPT


def test_a_rule_about_few_metrics_turns_only_its_counters():
    fold_map = fates.with_delta_counters(
        FoldMap(fates.kept(NGINX, ["process.cpu.time"]) + fates.dropped(fates.EVERY_PROCESS))
    )
    assert fold_map.fate(resource("nginx"), "process.cpu.time") is Fate.FOLDED
    assert fold_map.fate(resource("nginx"), "process.disk.io") is Fate.DROPPED
