"""What the meter keeps: bodies it met, readings worth storing, and the stored form of measures."""

import asyncio
from dataclasses import replace

import pytest
from tests.support.metering.telemetry import MINUTE, SECOND, Body, shown, window_of

from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.control.metering.bodies import Bodies, digest_of
from phoenix.control.metering.own import OwnReadings
from phoenix.control.metering.stored.assembling import NO_DATA, TWICE, StoredWindow, assembled
from phoenix.control.metering.stored.encoding import (
    decode_measure,
    decode_reading,
    encode_measure,
    encode_reading,
)
from phoenix.core.ids import HostId
from phoenix.edge.otlp.sink import Taken
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.window import WindowPlan

HOST = HostId("host-1")
READING = OwnReading(
    time=MINUTE,
    revision="rev-1",
    instance="abc",
    uptime_seconds=10.0,
    cpu_seconds=1.5,
    memory_bytes=100,
    receivers={"host_metrics": ReceiverCounts(5, 0, 0)},
    exporters={"otlp/x": ExporterCounts(sent=5)},
    processors={"batch": ProcessorCounts(5, 5, 0.1)},
)


@pytest.fixture
def anyio_backend():
    return "asyncio"


def task_of(outcome):
    async def work():
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return asyncio.create_task(work())


@pytest.mark.anyio
async def test_a_body_is_recognised_until_so_many_others_came():
    bodies = Bodies(2)
    for body in (b"one", b"two", b"three"):
        task = task_of(Taken())
        bodies.remember(digest_of(body), task)
        await task
    assert bodies.find(digest_of(b"one")) is None
    assert bodies.find(digest_of(b"three")) is not None


@pytest.mark.anyio
async def test_a_body_that_failed_may_come_again():
    bodies = Bodies(2)
    task = task_of(ValueError())
    bodies.remember(b"one", task)
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0)
    assert bodies.find(b"one") is None


@pytest.mark.anyio
async def test_a_body_that_is_still_being_taken_is_not_forgotten():
    bodies = Bodies(1)
    waiting = asyncio.create_task(asyncio.sleep(60, Taken()))
    bodies.remember(b"one", waiting)
    for number in range(5):
        bodies.remember(bytes([number]), task_of(Taken()))
    assert bodies.find(b"one") is waiting
    waiting.cancel()


def stored(readings, *, now, watched=False, own):
    return own.add(HOST, readings, now=now, watched=watched)


def test_a_host_that_is_not_watched_is_stored_now_and_then_and_when_there_is_news():
    own = OwnReadings(60)
    later = replace(READING, time=MINUTE + 10 * SECOND, uptime_seconds=20.0)
    assert stored([READING], now=0, own=own) == [READING]
    assert stored([later], now=10, own=own) == []
    assert own.latest(HOST) is later
    failed = replace(later, exporters={"otlp/x": ExporterCounts(sent=5, send_failed=1)})
    assert stored([failed], now=20, own=own) == [failed]
    assert stored([replace(failed, revision="rev-2")], now=30, own=own) != []
    assert stored([replace(failed, revision="rev-2")], now=89, own=own) == []
    assert stored([replace(failed, revision="rev-2")], now=90, own=own) != []
    assert stored([replace(failed, revision="rev-2")], now=91, watched=True, own=own) != []


def test_a_report_that_comes_late_is_not_the_newest():
    own = OwnReadings(60)
    own.add(HOST, [READING], now=0, watched=True)
    own.add(HOST, [replace(READING, time=MINUTE - 1)], now=0, watched=True)
    assert own.latest(HOST) is READING


@pytest.mark.parametrize("back", [30, 3600])
def test_a_report_of_a_clock_that_was_set_back_is_the_newest(back):
    own = OwnReadings(60)
    first = replace(READING, began=MINUTE)
    later = replace(first, time=MINUTE - back * SECOND, uptime_seconds=20.0)
    own.add(HOST, [first], now=0, watched=True)
    own.add(HOST, [later], now=10, watched=True)
    own.add(HOST, [first], now=11, watched=True)
    assert own.latest(HOST) is later


def test_hosts_that_are_silent_for_longest_are_forgotten_first():
    own = OwnReadings(60, most=2)
    for name in ("a", "b", "a", "c"):
        own.add(HostId(name), [READING], now=0, watched=False)
    assert [own.latest(HostId(name)) is not None for name in ("a", "b", "c")] == [True, False, True]


def test_a_reading_comes_back_from_its_stored_form():
    assert decode_reading(encode_reading(READING)) == READING


def a_window(minute=0, value=1.5):
    time = MINUTE + minute * 60 * SECOND
    body = Body().counter("c", value, time=time, start=time).gauge("größe", float("nan"), time=time, host=None)
    measure, _ = window_of([body, body], WindowPlan(60.0, (ProcessPattern.parse("app"),)))
    return measure


def test_a_measure_comes_back_from_its_stored_form():
    measure = a_window()
    assert measure.corruption
    assert measure.critical
    assert shown(decode_measure(encode_measure(measure), gap="")) == shown(measure)
    assert decode_measure(encode_measure(measure), gap="late").gap == "late"


@pytest.mark.parametrize("damaged", [b"", b"\x02abc", b"\x01abc"])
def test_a_stored_form_that_is_not_ours_is_refused(damaged):
    with pytest.raises(ValueError, match="stored window"):
        decode_measure(damaged, gap="")


def row(minute, *, run="r.1", gap="", late=0):
    measure = a_window(minute)
    return StoredWindow(HOST, "baseline", measure.start, run, gap, late, encode_measure(measure))


def gaps(rows):
    return {(start - MINUTE) // (60 * SECOND): window.gap for (_, _, start), window in assembled(rows, 60.0).items()}


def test_holes_within_a_stream_are_gaps_and_never_zero_windows():
    assert gaps([row(0), row(3)]) == {0: "", 1: NO_DATA, 2: NO_DATA, 3: ""}


def test_a_window_that_two_runs_saw_is_a_gap_with_the_union_of_both():
    (window,) = assembled([row(0), row(0, run="r.2")], 60.0).values()
    assert window.gap == TWICE
    assert (len(window.series.hashes), window.points, window.metrics["c"].series) == (2, 8, 1)


def test_late_points_make_a_gap_of_what_was_whole():
    assert gaps([row(0, late=3)]) == {0: "3 points came after it was closed"}
    assert gaps([row(0, late=3, gap="x")]) == {0: "x; 3 points came after it was closed"}


def test_a_clock_that_jumped_by_years_names_a_bounded_number_of_holes():
    assert len(gaps([row(0), row(10_000)])) == 1002
