"""Loops that step now and then, at once when woken, and survive what a step raises."""

import asyncio

import pytest

from phoenix.server.loops import Loop, Loops

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Steps:
    """Counts steps; the first `failing` of them raise."""

    def __init__(self, failing: int = 0) -> None:
        self.count = 0
        self.failing = failing
        self.done = asyncio.Event()

    async def step(self) -> None:
        self.count += 1
        self.done.set()
        if self.count <= self.failing:
            raise ZeroDivisionError

    async def next(self) -> None:
        self.done.clear()
        async with asyncio.timeout(5):
            await self.done.wait()


async def test_steps_at_once_and_then_every_interval() -> None:
    steps = Steps()
    async with Loops([Loop("test", steps.step, 0.01)]):
        await steps.next()
        await steps.next()
    assert steps.count >= 2


async def test_steps_when_it_is_woken() -> None:
    steps = Steps()
    loop = Loop("test", steps.step, 3600)
    async with Loops([loop]):
        await steps.next()
        loop.wake.set()
        await steps.next()
    assert steps.count == 2


async def test_a_bell_during_a_step_is_not_lost() -> None:
    steps = Steps()
    loop = Loop("test", steps.step, 3600)

    async def ring_while_stepping() -> None:
        await steps.step()
        if steps.count == 1:
            loop.wake.set()

    async with Loops([Loop("test", ring_while_stepping, 3600, loop.wake)]):
        await steps.next()
        await steps.next()
    assert steps.count == 2


async def test_goes_on_after_a_step_that_raises(caplog) -> None:
    steps = Steps(failing=2)
    async with Loops([Loop("test", steps.step, 0.005)]):
        for _ in range(3):
            await steps.next()
    assert steps.count >= 3


async def test_a_bell_does_not_hurry_a_step_that_failed() -> None:
    steps = Steps(failing=9)
    loop = Loop("test", steps.step, 30)
    async with Loops([loop]):
        await steps.next()
        loop.wake.set()
        await asyncio.sleep(0.05)
    assert steps.count == 1


async def test_stops_after_the_step_under_way_and_twice() -> None:
    begun, ended = asyncio.Event(), []

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        ended.append(True)

    loops = Loops([Loop("test", slow, 3600)])
    async with loops:
        await begun.wait()
        await loops.stop()
    assert ended == [True]


async def test_cuts_short_a_step_that_does_not_end() -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.sleep(3600)

    loops = Loops([Loop("test", endless, 3600)])
    async with loops:
        await begun.wait()
        await loops.stop(within_seconds=0.02)
