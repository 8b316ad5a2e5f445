from dataclasses import replace
from typing import Any

import pytest
from tests.support.cli import memory_cli, written
from tests.support.replay.process_requests import scrapes

from phoenix.cli.evaluation.reports import percent, report_blocks, verdict
from phoenix.cli.terminal.blocks import write_human
from phoenix.decide.loss.critical import CriticalKept, Tally
from phoenix.decide.loss.model import Corruption, CorruptionKind, Dropped, Folded, Loss, Missing, Thinned
from phoenix.decide.report import PipelineReport, compare


@pytest.fixture(scope="module")
def report() -> PipelineReport:
    capture = scrapes([0, 5, 10])
    return compare("new.yaml", capture, capture)


def _shown(before: PipelineReport, after: PipelineReport) -> str:
    cli = memory_cli(width=100)
    write_human(cli.streams, report_blocks(before, after))
    return written(cli)[0]


def _with_loss(report: PipelineReport, **loss: Any) -> PipelineReport:
    return replace(report, loss=replace(Loss(), **loss))


def test_a_safe_pipeline_is_called_safe(report):
    assert verdict(report).startswith("Safe: ")
    assert "NOT SAFE" not in _shown(report, report)


def test_what_is_not_known_is_a_dash():
    assert percent(None) == "-"
    assert percent(-12.34) == "-12.3 %"


def test_damage_is_told_by_kind_with_the_worst_as_example(report):
    damage = [
        Corruption(CorruptionKind.DUPLICATE_IDENTITY, "cpu", 9, "cpu of db", "Added to nothing."),
        Corruption(CorruptionKind.DUPLICATE_IDENTITY, "memory", 3, "memory of db", "Added to nothing."),
        Corruption(CorruptionKind.COUNTER_FELL, "cpu", 1, "from 2 to 1", "It fell."),
    ]
    after = _with_loss(report, corrupted=tuple(damage))
    shown = _shown(report, after)
    assert verdict(after) == "NOT SAFE: 2 metrics are corrupted."
    assert shown.count("duplicate identity") == 1
    assert "cpu: 9" in shown
    assert "memory: 3" in shown
    assert "For example: cpu of db." in shown
    assert "memory of db" not in shown


def test_lost_critical_processes_are_named(report):
    missing = tuple(f"db (pid {pid})" for pid in range(7))
    lost = CriticalKept(expected=8, kept=1, whole=1, missing=missing, by_pattern={"db": Tally(8, 1)})
    after = replace(report, critical=lost)
    assert verdict(after) == "NOT SAFE: 7 of 8 critical processes are lost."
    shown = " ".join(_shown(report, after).split())
    assert "1 of 8 kept" in shown
    assert "db (pid 4) and 2 more." in shown


def test_declared_loss_is_told_in_numbers(report):
    after = _with_loss(
        report,
        dropped=Dropped(1200, 5000),
        folded=Folded(100, 4, 0.001, "cpu"),
        thinned=Thinned(3, 9),
        reidentified=2,
        undeclared_missing=(Missing("cpu", 4, "cpu of web", "Declared to stay."),),
    )
    shown = _shown(report, after)
    assert "Dropped: 1,200 series with 5,000 points." in shown
    assert "Folded: 100 series into 4, totals off by at most 0.1 %." in shown
    assert "Thinned: 3 series lost 9 points." in shown
    assert "Under another identity: 2 series." in shown
    assert "Missing, though declared to stay" in shown
    assert verdict(after) == "NOT SAFE: something is missing that was declared to stay."
