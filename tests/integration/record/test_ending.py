"""However a recording ends, no process is left, and what went wrong is said."""

import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest
from tests.support.machine.simulated import eventually, with_environment

from phoenix.collector.binary.find import Collector, Origin
from phoenix.collector.config.types import BUILT
from phoenix.collector.record.errors import (
    NothingRecordedError,
    RecordingFailedError,
    RecordingGarbledError,
)
from phoenix.collector.record.recorder import record

RECORDER = """
import sys
from pathlib import Path
from phoenix.collector.binary.find import find_collector
from phoenix.collector.record.recorder import record
collector = find_collector(named=Path(sys.argv[1]))
print("recording", flush=True)
record(collector, seconds=60, interval_seconds=1)
"""
# A collector in the eyes of the recorder: it knows the pipe it is to write to.
FAKE = """
#!{python}
import json, os, signal, sys, time
out = open(json.loads(os.environ["PHOENIX_RECORDING_CONFIG"])["exporters"]["file"]["path"], "wb", buffering=0)
def send(message):
    out.write(len(message).to_bytes(4, "big") + message)
"""


@pytest.fixture
def fake(tmp_path):
    """Return a function that makes a collector of a few lines of Python."""

    def make(*lines: str):
        path = tmp_path / "otelcol-fake"
        text = FAKE.strip().format(python=sys.executable) + "\n" + textwrap.dedent("\n".join(lines)) + "\n"
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return Collector(path, BUILT.version, BUILT, Origin.NAMED)

    return make


def short(collector):
    return record(collector, seconds=0.2, interval_seconds=0.2)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 1.5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_collector_survives_the_recorder(collector_binary, own_mark, seconds, number):
    before = set(with_environment(own_mark))
    process = subprocess.Popen(
        [sys.executable, "-c", RECORDER, collector_binary], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"recording\n"
    process.stdout.close()
    time.sleep(seconds)
    process.send_signal(number)
    assert process.wait(20) != 0
    assert eventually(lambda: set(with_environment(own_mark)) <= before, 5)


def test_a_collector_that_is_not_there_any_more_is_named(tmp_path):
    gone = Collector(tmp_path / "otelcol-gone", BUILT.version, BUILT, Origin.NAMED)
    with pytest.raises(RecordingFailedError, match=r"FileNotFoundError: .* No such file"):
        short(gone)


def test_a_missing_component_is_quoted(fake):
    with pytest.raises(RecordingFailedError, match='unknown type: "host_metrics"'):
        short(fake("sys.exit('Error: failed to get config:\\n\\n unknown type: \"host_metrics\"')"))


def test_a_collector_that_ends_without_a_word_is_reported(fake):
    with pytest.raises(RecordingFailedError, match="it said nothing"):
        short(fake("sys.exit(0)"))


def test_a_collector_that_dies_half_way_is_reported(fake):
    with pytest.raises(RecordingFailedError, match="out of memory"):
        record(
            fake("send(b'')", "out.write(bytes([0, 0, 1]))", "sys.exit('panic: out of memory')"),
            seconds=60,
            interval_seconds=1,
        )


def test_a_collector_that_never_scrapes_is_given_up(fake, own_mark, monkeypatch):
    monkeypatch.setattr("phoenix.collector.record.scraping._FIRST_SCRAPE_TIMEOUT_SECONDS", 0.5)
    before = set(with_environment(own_mark))
    with pytest.raises(NothingRecordedError, match=r"no scrape within .* I am thinking"):
        short(fake("print('I am thinking', file=sys.stderr, flush=True)", "time.sleep(60)"))
    assert set(with_environment(own_mark)) <= before


def test_a_collector_that_does_not_stop_is_killed(fake, own_mark, monkeypatch):
    monkeypatch.setattr("phoenix.collector.record.process._STOP_TIMEOUT_SECONDS", 0.3)
    before = set(with_environment(own_mark))
    with pytest.raises(NothingRecordedError, match="without a point"):
        short(fake("signal.signal(signal.SIGINT, signal.SIG_IGN)", "send(b'')", "time.sleep(60)"))
    assert set(with_environment(own_mark)) <= before


def test_a_collector_that_stops_scraping_does_not_keep_us(fake):
    begin = time.monotonic()
    with pytest.raises(NothingRecordedError, match="1 scrapes without a point"):
        record(fake("send(b'')", "time.sleep(60)"), seconds=1, interval_seconds=0.2)
    assert time.monotonic() - begin < 30


@pytest.mark.parametrize("lines", ["out.write(b'Everything is ready. ')", "send(b'Everything is ready. ')"])
def test_what_is_no_telemetry_is_refused(fake, lines):
    with pytest.raises(RecordingGarbledError):
        short(fake(lines, "time.sleep(60)"))


def test_a_great_deal_of_messages_does_not_block(fake):
    chatter = "for _ in range(2000): print('x' * 200, file=sys.stderr)"
    with pytest.raises(RecordingFailedError, match="the reason"):
        short(fake(chatter, "sys.exit('Error: the reason')"))
