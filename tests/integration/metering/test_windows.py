"""What is stored of streams, on both databases: whole windows, gaps with their reason, nothing twice."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from tests.integration.metering.conftest import PLAN
from tests.support.metering.ingest import EXPERIMENT, HOST, REVISION, origin
from tests.support.metering.telemetry import MINUTE, SECOND, Body
from tests.support.otlp import canonical
from tests.support.scrapes import history

from phoenix.control.metering import closing
from phoenix.control.metering import stream as reasons
from phoenix.control.metering.errors import MeterBusyError, StreamUnknownError
from phoenix.control.metering.model import MeteringLimits
from phoenix.control.metering.service import Metering
from phoenix.core.errors import InvalidError
from phoenix.core.ids import ExperimentId
from phoenix.telemetry.codec import decode
from phoenix.telemetry.window import finish

pytestmark = pytest.mark.anyio

WAIT_SECONDS = 30


def scrapes(count=40, seed=5):
    """Return scrapes of a busy host ten seconds apart."""
    return [canonical(request) for request in history(seed, MINUTE + 30 * SECOND, scrapes=count, interval=10.0)]


async def windows(meter, database, least=1):
    """Return the stored windows once there are so many."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while True:
        async with database.read() as session:
            found = await meter.windows(session, EXPERIMENT)
        if len(found) >= least:
            return found
        assert asyncio.get_running_loop().time() < deadline, f"{len(found)} of {least} windows: {meter.counters}"
        await asyncio.sleep(0.05)


async def test_bodies_become_windows_that_are_evidence_but_for_the_first(meter, database):
    for body in scrapes():
        await meter.take(origin(), body)
    found = await windows(meter, database, 5)
    gaps = [window.gap for window in found.values()]
    assert gaps[0] == reasons.BEGAN_INSIDE
    assert not any(gaps[1:])
    for (host, arm, start), window in found.items():
        assert (host, arm, start % (60 * SECOND)) == (HOST, "baseline", 0)
        assert window.points == sum(metric.points for metric in window.metrics.values())
        assert window.critical["db"] >= 1


async def test_both_arms_have_the_same_windows_whatever_the_order_and_repeats(meter, database):
    bodies = scrapes()
    for body in bodies:
        await meter.take(origin(), body)
    random = Random(3)
    for body in bodies:
        # Sent again at once, and again when the answer was there.
        taken = await asyncio.gather(*(meter.take(origin("candidate"), body) for _ in range(random.choice((1, 2, 3)))))
        assert len(set(taken)) == 1
    found = await windows(meter, database, meter.counters.closed_windows)
    for (host, arm, start), window in found.items():
        if arm == "baseline":
            other = found[host, "candidate", start]
            assert other.series.hashes.tolist() == window.series.hashes.tolist()
            assert other.series.points.tolist() == window.series.points.tolist()
            assert (other.metrics, other.points, other.requests) == (window.metrics, window.points, window.requests)
    assert meter.counters.repeated_bodies > 0


async def test_memory_says_where_a_stream_is_and_under_which_revision_it_was_seen(meter, clock):
    assert meter.watermark(EXPERIMENT, HOST, "baseline") is None
    assert meter.taken_at() is None
    clock.step(3)
    await meter.take(origin(), Body().gauge("g", 1, time=MINUTE).written)
    assert meter.watermark(EXPERIMENT, HOST, "baseline") == MINUTE - 5 * SECOND
    assert meter.taken_at() == clock.monotonic()
    assert meter.arm_seen(EXPERIMENT, HOST, "baseline", REVISION) == clock.now()
    assert meter.arm_seen(EXPERIMENT, HOST, "baseline", "rev-0") is None
    assert meter.arm_seen(EXPERIMENT, HOST, "candidate", REVISION) is None


async def test_how_long_ago_an_arm_was_seen_does_not_change_when_the_clock_is_set(meter, clock):
    await meter.take(origin(), Body().gauge("g", 1, time=MINUTE).written)
    clock.step(5)
    for seconds in (-3600, 7200):
        clock.set(seconds)
        assert meter.arm_seen(EXPERIMENT, HOST, "baseline", REVISION) == clock.now() - timedelta(seconds=5)


async def test_late_points_are_rejected_and_mark_what_was_stored(meter, database):
    for body in scrapes(20):
        await meter.take(origin(), body)
    found = await windows(meter, database, 2)
    second = list(found)[1]
    taken = await meter.take(origin(), Body().gauge("g", 1, time=second[2] + 1).written)
    assert (taken.rejected_points, "after their window was closed" in taken.message) == (1, True)
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not (await windows(meter, database))[second].gap:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)
    assert (await windows(meter, database))[second].gap == "1 points came after it was closed"


async def test_late_points_mark_a_window_that_is_still_being_finished(meter, database, monkeypatch):
    finishing, go_on = threading.Event(), threading.Event()

    def slowly(*arguments):
        finishing.set()
        assert go_on.wait(WAIT_SECONDS)
        return finish(*arguments)

    monkeypatch.setattr(closing, "finish", slowly)
    bodies = scrapes(20)
    try:
        for body in bodies:
            await meter.take(origin(), body)
        assert await asyncio.to_thread(finishing.wait, WAIT_SECONDS)
        late = Body().gauge("g", 1, time=MINUTE + 61 * SECOND).written
        assert (await meter.take(origin(), late)).rejected_points == 1
        # Long enough for a mark that does not wait for its window to be written before it.
        await asyncio.sleep(1.0)
    finally:
        go_on.set()
    found = await windows(meter, database, meter.counters.closed_windows)
    assert found[HOST, "baseline", MINUTE + 60 * SECOND].gap == "1 points came after it was closed"


async def test_a_window_that_cannot_be_finished_is_a_gap_and_the_meter_goes_on(meter, database, monkeypatch):
    failed: list[bool] = []

    def once(*arguments):
        if not failed:
            failed.append(True)
            raise ValueError("an array of no use")
        return finish(*arguments)

    monkeypatch.setattr(closing, "finish", once)
    for body in scrapes(20):
        await meter.take(origin(), body)
    found = list((await windows(meter, database, meter.counters.closed_windows)).values())
    assert found[0].gap.endswith(closing.UNFINISHED)
    assert (found[0].points, found[2].gap) == (0, "")
    assert meter.ready


async def test_a_silent_stream_is_closed_by_the_clock(meter, database, clock):
    await meter.take(origin(), Body().gauge("g", 1, time=MINUTE).written)
    clock.step(300)
    found = await windows(meter, database)
    assert [window.gap for window in found.values()] == [f"{reasons.SILENT}; {reasons.BEGAN_INSIDE}"]


async def test_strangers_and_closed_meters_are_refused_for_good(meter, database, clock):
    body = Body().gauge("g", 1, time=MINUTE).written
    with pytest.raises(StreamUnknownError, match="no meter is open"):
        await meter.take(replace(origin(), experiment=ExperimentId("exp-9")), body)
    with pytest.raises(StreamUnknownError, match="'shadow' is no arm"):
        await meter.take(origin("shadow"), body)
    await meter.take(origin(), body)
    async with database.transaction() as session:
        await meter.close_meter(session, EXPERIMENT, clock.now())
    found = await _after_refresh(meter, database, clock)
    assert reasons.METER_CLOSED in next(iter(found.values())).gap
    with pytest.raises(StreamUnknownError):
        await meter.take(origin(), body)
    assert meter.load().streams == 0


async def _after_refresh(meter, database, clock):
    clock.step(3)
    return await windows(meter, database)


async def test_a_meter_is_opened_again_with_another_plan(meter, database, clock):
    async with database.transaction() as session:
        await meter.close_meter(session, EXPERIMENT, clock.now())
    async with database.transaction() as session:
        await meter.open_meter(session, EXPERIMENT, PLAN)
    await meter.take(origin(), Body().gauge("g", 1, time=MINUTE).written)


async def test_refuses_a_plan_that_cannot_be_measured(meter, database):
    for plan in (type(PLAN)(0.0), type(PLAN)(60.0, ("(",))):
        async with database.transaction() as session:
            with pytest.raises(InvalidError):
                await meter.open_meter(session, EXPERIMENT, plan)


async def test_stopping_stores_what_is_open_and_the_next_run_makes_no_smaller_number(database, clock):
    bodies = scrapes(30)
    first = Metering(database, clock)
    async with first.running():
        async with database.transaction() as session:
            await first.open_meter(session, EXPERIMENT, PLAN)
        for body in bodies[:12]:
            await first.take(origin(), body)
        await first.stop()
        await first.stop()
        with pytest.raises(MeterBusyError):
            await first.take(origin(), bodies[12])
    async with Metering(database, clock).running() as second:
        for body in bodies[12:]:
            await second.take(origin(), body)
        found = await windows(second, database, 4)
    gaps = [window.gap for window in found.values()]
    assert any(reasons.METER_STOPPED in gap for gap in gaps)
    # Of each window either all was seen by one run, or it is a gap.
    whole = {start: window.points for (_, _, start), window in found.items() if not window.gap}
    assert whole == {start: points for start, points in points_by_window(bodies).items() if start in whole}
    assert len(whole) >= 2


def points_by_window(bodies):
    times = decode(bodies).points.time // (60 * SECOND) * (60 * SECOND)
    return {int(start): int((times == start).sum()) for start in set(times.tolist())}


async def test_a_run_that_ends_without_stopping_leaves_holes_and_gaps(database, clock):
    bodies = scrapes(30)
    killed = Metering(database, clock)
    await killed.start()
    async with database.transaction() as session:
        await killed.open_meter(session, EXPERIMENT, PLAN)
    for body in bodies[:14]:
        await killed.take(origin(), body)
    before = await windows(killed, database, 2)
    # As kill -9 would: nothing is closed or written any more.
    for task in killed._tasks:
        task.cancel()
    await asyncio.gather(*killed._tasks, return_exceptions=True)
    async with Metering(database, clock).running() as second:
        for body in bodies[17:]:
            await second.take(origin(), body)
        found = await windows(second, database, len(before) + 2)
    assert killed._workers is not None
    await killed._workers.stop()
    expected = points_by_window(bodies)
    assert all(window.points == expected[start] for (_, _, start), window in found.items() if not window.gap)
    assert any(window.gap == reasons.BEGAN_INSIDE for key, window in found.items() if key not in before)


async def test_old_windows_and_readings_are_forgotten(meter, database, clock):
    for body in scrapes(20):
        await meter.take(origin(), body)
    await windows(meter, database, 2)
    async with database.transaction() as session:
        assert await meter.forget(session, clock.now() + timedelta(seconds=1)) == 0, "its meter is open"
        await meter.close_meter(session, EXPERIMENT, clock.now())
    async with database.transaction() as session:
        assert await meter.forget(session, clock.now()) == 0
        assert await meter.forget(session, clock.now() + timedelta(seconds=1), most=1) == 1
    async with database.transaction() as session:
        assert await meter.forget(session, clock.now() + timedelta(seconds=1)) >= 1
    async with database.read() as session:
        assert await meter.windows(session, EXPERIMENT) == {}


async def test_where_the_windows_of_a_host_end_is_known_without_reading_them(meter, database):
    for body in scrapes(30):
        await meter.take(origin(), body)
    found = await windows(meter, database, meter.counters.closed_windows)
    async with database.read() as session:
        assert await meter.reached(session, EXPERIMENT) == {HOST: max(start for _, _, start in found) + 60 * SECOND}
        assert await meter.reached(session, ExperimentId("exp-2")) == {}


async def test_since_leaves_out_older_windows(meter, database):
    for body in scrapes(30):
        await meter.take(origin(), body)
    found = list(await windows(meter, database, 4))
    async with database.read() as session:
        assert list(await meter.windows(session, EXPERIMENT, since=found[2][2])) == found[2:]
        assert await meter.windows(session, ExperimentId("exp-9")) == {}


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (MeteringLimits(open_points=100), "points are in open windows"),
        (MeteringLimits(waiting_bodies=1), "bodies wait to be read"),
        (MeteringLimits(waiting_bytes=10), "bytes wait to be read"),
        (MeteringLimits(pending_rows=0), "windows wait for the database"),
    ],
)
async def test_at_a_limit_bodies_are_told_to_come_again(meter, database, says):
    bodies = scrapes(6)
    # One first: what is held is known when it was measured.
    taken = [await _outcome(meter, bodies[0])]
    taken += await asyncio.gather(*(_outcome(meter, body) for body in bodies[1:]))
    refused = [outcome for outcome in taken if isinstance(outcome, MeterBusyError)]
    assert refused
    assert says in refused[0].message
    assert meter.counters.refused_bodies >= len(refused)
    assert meter.load().waiting_bytes == meter.load().waiting_bodies == 0


async def _outcome(meter, body):
    try:
        return await meter.take(origin(), body)
    except MeterBusyError as error:
        return error


@pytest.mark.parametrize("limits", [MeteringLimits(streams=1)])
async def test_more_streams_than_allowed_are_told_to_come_again(meter, limits):
    body = Body().gauge("g", 1, time=MINUTE).written
    await meter.take(origin(), body)
    with pytest.raises(MeterBusyError, match="1 streams"):
        await meter.take(origin("candidate"), body)


async def test_two_replicas_share_the_key_and_a_stream_that_hops_is_a_gap(database, clock):
    one, two = Metering(database, clock), Metering(database, clock)
    async with one.running(), two.running():
        async with database.transaction() as session:
            await one.open_meter(session, EXPERIMENT, PLAN)
        for number, body in enumerate(scrapes(24)):
            await (one if number < 15 else two).take(origin(), body)
        await two.stop()
        await one.stop()
        found = await windows(one, database, 3)
    runs = [window for window in found.values() if "more than one run" in window.gap]
    assert len(runs) == 1
    # The same hashes in both: no series stands twice.
    assert len(runs[0].series.hashes) < runs[0].points


async def test_a_meter_that_is_opened_again_does_not_write_over_what_it_stored(meter, database, clock):
    bodies = scrapes(12)
    for body in bodies:
        await meter.take(origin(), body)
    async with database.transaction() as session:
        await meter.close_meter(session, EXPERIMENT, clock.now())
    closed = await _after_refresh(meter, database, clock)
    while meter.load().streams:  # noqa: ASYNC110 - housekeeping tells nobody
        await asyncio.sleep(0.05)
    async with database.transaction() as session:
        await meter.open_meter(session, EXPERIMENT, PLAN)
    clock.step(3)
    for body in bodies:
        await meter.take(origin(), body)
    await meter.stop()
    again = await windows(meter, database, len(closed))
    assert all("more than one run" in window.gap for window in again.values())
