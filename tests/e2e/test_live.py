"""The live part of `./dev run --once -o json`: both arms on the same scrapes of this machine."""

import pytest

SHARES = ("series", "points", "bytes")
VENDORS = ("grafana-cloud", "datadog-classic", "new-relic")
WINDOWS = 4


def test_the_experiment_is_completed_with_every_window(main_job):
    experiment = main_job.result["experiment"]
    assert experiment["phase"] == "completed"
    assert experiment["windows"] == WINDOWS
    assert experiment["hosts"] == [main_job.result["host"]]
    assert main_job.result["verdict"] == "measured"


def test_both_arms_are_measured(main_job):
    arms = main_job.result["arms"]
    for arm in ("baseline", "candidate"):
        assert all(arms[arm][share] > 0 for share in SHARES)
        assert arms[arm]["processor_seconds"] > 0
        assert sum(arms[arm]["critical_processes"].values()) >= 3


def test_the_candidate_keeps_every_critical_process_of_the_baseline(main_job):
    arms = main_job.result["arms"]
    assert arms["candidate"]["critical_processes"] == arms["baseline"]["critical_processes"]


@pytest.mark.parametrize("share", SHARES)
def test_the_saving_is_that_of_the_totals(main_job, share):
    arms, saving = main_job.result["arms"], main_job.result["saving_percent"][share]
    assert saving == pytest.approx(100 * (1 - arms["candidate"][share] / arms["baseline"][share]))
    assert saving > 50


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_saving_is_priced(main_job, vendor):
    assert main_job.result["saving_percent"][vendor] > 40


@pytest.mark.parametrize("when", ["before", "during"])
def test_the_collector_is_watched_before_and_during(main_job, when):
    collector = main_job.result["collector"][when]
    assert collector["cpu_percent"] > 0
    assert 20e6 < collector["memory_bytes"] < 500e6


def test_nothing_is_corrupted_and_what_is_lost_is_said(main_job):
    loss = main_job.result["loss"]
    assert loss["corrupted"] == []
    assert loss["dropped"]["series"] + loss["folded"]["series_in"] > 0


def test_every_guardrail_is_quiet(main_job):
    assert {it["name"]: it["state"] for it in main_job.result["guardrails"]}.keys() >= {
        "critical_processes",
        "failures",
    }
    assert all(it["state"] == "ok" for it in main_job.result["guardrails"])


def test_nothing_is_left_running(main_job):
    assert any(line.startswith("ps ") for line in main_job.left)
    assert [line for line in main_job.left if not line.startswith(("sh ", "ps "))] == []
