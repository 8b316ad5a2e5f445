"""Worker processes end, hang and are killed; bodies go on being taken."""

import asyncio
import os
import signal
import sys
import time

import psutil
import pytest
from tests.support.metering.ingest import origin
from tests.support.metering.telemetry import KEY, MINUTE, SECOND, Body

from phoenix.control.metering import stream as reasons
from phoenix.control.metering.errors import BodyUnreadableError
from phoenix.control.metering.workers.pool import Workers
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.window import WindowPlan

pytestmark = pytest.mark.anyio

PLAN = WindowPlan(60.0)


@pytest.fixture
async def workers(anyio_backend):
    workers = Workers(1, KEY, body_seconds=20)
    await workers.start()
    yield workers
    await workers.stop()


def body(at=0):
    return Body().gauge("g", 1, time=MINUTE + at * SECOND).written


async def measure(workers, written, plan=PLAN):
    return await workers.call("measure", written, plan, 1000)


async def test_garbage_is_refused_in_words_and_costs_no_worker(workers):
    before = workers.processes()
    for garbage in (b"garbage", b"\xff" * 1000, os.urandom(5000)):
        with pytest.raises(TelemetryInvalidError, match="OTLP metrics"):
            await measure(workers, garbage)
    with pytest.raises(TelemetryInvalidError, match="1,000 rows"):
        await measure(workers, b"\x0a\x00" * 1001)
    assert len((await measure(workers, body())).parts) == 1
    assert workers.processes() == before


async def test_a_worker_that_is_killed_is_replaced_and_the_body_is_measured_by_the_next(workers):
    (first,) = workers.processes()
    os.kill(first, signal.SIGSTOP)
    waiting = asyncio.create_task(measure(workers, body()))
    await asyncio.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    assert len((await waiting).parts) == 1
    assert workers.lost == 1
    assert workers.processes() != [first]
    assert not psutil.pid_exists(first)


async def test_a_body_that_takes_too_long_twice_is_given_up(workers):
    big = Body()
    for pid in range(2_000):
        big.gauge("g", 1, time=MINUTE, pid=pid)
    workers._body_seconds = 0.005
    with pytest.raises(BodyUnreadableError):
        await workers.call("measure", big.written, PLAN, 10_000)
    assert workers.lost == 2
    workers._body_seconds = 20
    assert len((await measure(workers, body())).parts) == 1


async def test_a_call_that_is_cancelled_leaves_no_answer_for_the_next(workers):
    (process,) = workers.processes()
    os.kill(process, signal.SIGSTOP)
    waiting = asyncio.create_task(measure(workers, body()))
    await asyncio.sleep(0.1)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert (await measure(workers, body(60))).parts[0].start == MINUTE + 60 * SECOND


async def test_stopping_twice_leaves_no_process(anyio_backend):
    workers = Workers(2, KEY, body_seconds=20)
    await workers.start()
    await measure(workers, body())
    processes = workers.processes()
    await workers.stop()
    await workers.stop()
    assert not any(psutil.pid_exists(process) for process in processes)


async def test_workers_end_with_the_process_that_is_killed(anyio_backend):
    code = (
        "import asyncio\n"
        "from phoenix.control.metering.workers.pool import Workers\n"
        "async def main():\n"
        "    workers = Workers(1, b'k' * 16, body_seconds=20)\n"
        "    await workers.start()\n"
        "    print(*workers.processes(), flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    deadline = time.monotonic() + 20
    while psutil.pid_exists(worker) and psutil.Process(worker).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_body_that_cannot_be_read_marks_the_windows_it_may_belong_to(meter, database):
    await meter.take(origin(), body(-30))
    await meter.take(origin(), body(10))
    with pytest.raises(TelemetryInvalidError):
        await meter.take(origin(), b"garbage")
    await meter.take(origin(), body(70))
    await meter.stop()
    async with database.read() as session:
        found = [window.gap for window in (await meter.windows(session, origin().experiment)).values()]
    assert found[1] == reasons.BODY_UNREADABLE
    assert meter.counters.invalid_bodies == 1


async def test_the_event_loop_is_free_while_bodies_are_measured(meter):
    big = Body()
    for pid in range(8_000):
        big.gauge("g", 1, time=MINUTE, pid=pid)
    waiting = asyncio.create_task(meter.take(origin(), big.written))
    ticks = 0
    while not waiting.done():
        await asyncio.sleep(0.001)
        ticks += 1
    # It takes a worker hundreds of milliseconds to learn so many resources.
    assert ticks > 20
    assert (await waiting).rejected_points == 0
