"""Whatever happens to an evaluation, no process and no file of it stays, and the next one works."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.binary.errors import ProgramUnusableError
from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, EvaluationLimitError
from phoenix.collector.replay.channel import HarnessUnusableError, Limits
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.replay.stock import StockReplay

# Ten thousand virtual ticks for each millisecond that a year of silence has.
ENDLESS = metrics_config("batch, interval", "{batch: {timeout: 1ms}, interval: {interval: 100ns}}")
YEAR_OF_SILENCE = [0.0, 31_536_000.0]


def children():
    return psutil.Process().children(recursive=True)


def child_of(harness):
    """Return the process of this harness: other tests' harnesses are children of ours too."""
    return psutil.Process(harness._channel.pid)


@pytest.fixture
def nothing_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {child.pid for child in children()}
    yield
    assert {child.pid for child in children()} == before
    assert list(tmp_path.iterdir()) == []


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.mark.usefixtures("nothing_left")
def test_an_evaluation_that_takes_too_long_is_ended_and_the_next_one_works(harness_binary):
    with HarnessReplay(harness_binary, limits=Limits(seconds=1.0)) as harness:
        with pytest.raises(EvaluationLimitError, match="within 1 s"):
            harness.evaluate(ENDLESS, scrapes(YEAR_OF_SILENCE))
        assert len(harness.evaluate(metrics_config(""), scrapes([0])).points) > 0


@pytest.mark.usefixtures("nothing_left")
def test_an_evaluation_that_takes_too_much_memory_is_ended(harness_binary):
    # Every tick of ENDLESS adds a request to the answer.
    with (
        HarnessReplay(harness_binary, limits=Limits(memory_bytes=200 << 20)) as harness,
        pytest.raises(EvaluationLimitError, match="200 are allowed"),
    ):
        harness.evaluate(ENDLESS, scrapes(YEAR_OF_SILENCE))


@pytest.mark.usefixtures("nothing_left")
def test_a_harness_that_dies_is_an_error_and_the_next_evaluation_starts_another(harness_binary):
    with HarnessReplay(harness_binary) as harness:
        assert harness.version == "0.160.0"
        child = child_of(harness)
        threading.Timer(0.5, child.kill).start()
        with pytest.raises(EvaluationFailedError, match="SIGKILL"):
            harness.evaluate(ENDLESS, scrapes(YEAR_OF_SILENCE))
        assert len(harness.evaluate(metrics_config(""), scrapes([0])).points) > 0


@pytest.mark.usefixtures("nothing_left")
def test_interrupting_an_evaluation_leaves_nothing(harness_binary):
    with HarnessReplay(harness_binary) as harness:
        threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            harness.evaluate(ENDLESS, scrapes(YEAR_OF_SILENCE))


@pytest.mark.usefixtures("nothing_left")
def test_several_hundred_evaluations_do_not_grow_the_harness(harness_binary):
    document = metrics_config(
        "cumulative_to_delta, interval, batch",
        "{cumulative_to_delta: {max_staleness: 1m}, interval: {interval: 10s}, batch: }",
    )
    capture = scrapes([0, 10, 20])
    with HarnessReplay(harness_binary) as harness:
        for _ in range(50):
            harness.evaluate(document, capture)
        child = child_of(harness)
        before, threads = child.memory_info().rss, child.num_threads()
        for _ in range(250):
            harness.evaluate(document, capture)
        assert child.memory_info().rss - before < 60 << 20
        assert child.num_threads() < threads + 10


def test_what_is_not_a_harness_is_refused(tmp_path, collector_binary):
    for program in (tmp_path / "missing", collector_binary, Path("/bin/true")):
        with HarnessReplay(program) as harness, pytest.raises(HarnessUnusableError):
            harness.evaluate(metrics_config(""), scrapes([0]))


@pytest.mark.usefixtures("nothing_left")
def test_the_stock_replay_leaves_nothing_after_a_refusal(collector_binary, tmp_path):
    stock = StockReplay(collector_binary, "0.160.0")
    with pytest.raises(ConfigRefusedError):
        stock.evaluate(metrics_config("batch", "{batch: {x: 1}}"), scrapes([0]))
    with pytest.raises(ProgramUnusableError):
        StockReplay(tmp_path / "missing", "0.160.0").evaluate(metrics_config(""), scrapes([0]))


@pytest.mark.usefixtures("nothing_left")
def test_the_stock_replay_leaves_nothing_when_an_answer_takes_too_long(collector_binary):
    def suspend_when_ready():
        logs = Path(tempfile.gettempdir())
        wait_until(lambda: any("Everything is ready" in log.read_text() for log in logs.glob("phoenix-*/log")), 30)
        time.sleep(1)
        for child in children():
            if child.name() == "otelcol-phoenix":
                child.suspend()

    hand = threading.Thread(target=suspend_when_ready)
    hand.start()
    stock = StockReplay(collector_binary, "0.160.0", answer_seconds=1, real_time=True)
    with pytest.raises(EvaluationLimitError, match="request 1: no answer in time"):
        stock.evaluate(metrics_config(""), scrapes([0, 3]))
    hand.join()


@pytest.mark.usefixtures("nothing_left")
def test_interrupting_the_stock_replay_leaves_nothing(collector_binary):
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        StockReplay(collector_binary, "0.160.0", real_time=True).evaluate(metrics_config(""), scrapes([0, 30]))


@pytest.mark.parametrize("evaluator", ["harness", "stock"])
def test_no_process_survives_a_parent_that_is_killed(evaluator, harness_binary, collector_binary, tmp_path):
    program = textwrap.dedent(f"""
        from pathlib import Path
        from phoenix.collector.replay.harness import HarnessReplay
        from phoenix.collector.replay.stock import StockReplay
        from tests.integration.replay.test_processes import ENDLESS, YEAR_OF_SILENCE, metrics_config, scrapes
        if {evaluator!r} == "harness":
            HarnessReplay(Path({str(harness_binary)!r})).evaluate(ENDLESS, scrapes(YEAR_OF_SILENCE))
        else:
            stock = StockReplay(Path({str(collector_binary)!r}), "0.160.0", real_time=True)
            stock.evaluate(metrics_config(""), scrapes(YEAR_OF_SILENCE))
    """)
    # What a killed process cannot tidy up, its temporary folder, is in this test's own.
    parent = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)})
    watched = psutil.Process(parent.pid)
    names = ("phoenix-harness", "otelcol-phoenix")
    try:
        wait_until(lambda: any(child.name() in names for child in watched.children(recursive=True)), 30)
        orphans = watched.children(recursive=True)
    finally:
        parent.kill()
        parent.wait()
    wait_until(lambda: not any(child.is_running() and child.status() != "zombie" for child in orphans))
