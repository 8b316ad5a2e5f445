import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter

from phoenix.edge.opamp.mailboxes import Mailboxes

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


def mailboxes(capacity=4):
    return Mailboxes(capacity, Counter("errors", "", registry=CollectorRegistry()))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), max_size=30))
def test_calls_of_a_host_are_made_in_order(calls):
    done: dict[str, list[int]] = {"a": [], "b": []}

    async def run():
        boxes = mailboxes()
        for number, (host, pauses) in enumerate(calls):

            async def call(host=host, number=number, pauses=pauses):
                for _ in range(pauses):
                    await asyncio.sleep(0)
                done[host].append(number)

            assert await boxes.put(host, call, seconds=1)
        await boxes.drain(1)
        assert boxes._boxes == {}

    asyncio.run(run())
    assert done == {host: [number for number, (of, _) in enumerate(calls) if of == host] for host in "ab"}


async def test_a_full_queue_takes_no_more_in_time_and_goes_on_when_there_is_room():
    boxes, gate = mailboxes(capacity=2), asyncio.Event()
    made = []

    async def wait():
        await gate.wait()
        made.append(1)

    assert [await boxes.put("a", wait, seconds=0.01) for _ in range(4)] == [True, True, True, False]
    later = asyncio.create_task(boxes.put("a", wait, seconds=5))
    await asyncio.sleep(0)
    gate.set()
    assert await later
    await boxes.drain(1)
    assert len(made) == 4
