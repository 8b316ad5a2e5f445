"""The naive form is not in the catalogue, and this is why."""

from pathlib import Path

from tests.support import promises, scrapes, stock_collector

from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.codec import decode

NAIVE = (Path(__file__).parent / "cases" / "naive_groupbyattrs.yaml").read_text()


def through_naive(collector_binary, folder, step):
    """Return two scrapes of three workers that are read `step` ns apart, and what the naive form makes of them."""
    ages, before = (5.0, 50.0, 20.0), []

    def requests(ready):
        lives = [scrapes.Life(pid, "worker", ready - 10, cpu_seconds=age) for pid, age in enumerate(ages, start=1)]
        for number in (1, 2):
            time = ready + number * scrapes.SECOND
            before.append(scrapes.scrape([(life, 0.0, 2**20) for life in lives], time, step=step))
        return before

    return before, stock_collector.through(collector_binary, folder, NAIVE, requests)


def test_one_series_jumps_between_the_counters_of_several_processes(collector_binary, tmp_path):
    _, after = through_naive(collector_binary, tmp_path, 1_000_000)
    assert {point.metric for point in promises.fallen(after)} == {"process.cpu.time"}


def test_at_one_time_a_series_has_several_values(collector_binary, tmp_path):
    _, after = through_naive(collector_binary, tmp_path, 0)
    assert promises.duplicates(after)


def test_the_loss_check_calls_it_corrupted_in_plain_words(collector_binary, tmp_path):
    before, after = (
        decode([request.SerializeToString() for request in side])
        for side in through_naive(collector_binary, tmp_path, 1_000_000)
    )
    corrupted = assess_loss(before, after).corrupted
    assert {one.kind for one in corrupted} >= {"duplicate_identity", "counter_fell"}
    assert any("3 processes named worker were put under one identity" in one.why for one in corrupted)
