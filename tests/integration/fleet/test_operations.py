"""What the API says of hosts."""

import asyncio

import pytest
from tests.support.fleet import USER_CONFIG, SteppedClock
from tests.support.hosts.connected import World
from tests.support.hosts.stock_supervisor import Fate

from phoenix.control.fleet.errors import HostEnrolmentDeniedError, HostNotFoundError, SelectorInvalidError
from phoenix.control.fleet.operations import operations
from phoenix.edge.operation import Call
from phoenix.edge.principal import Principal, PrincipalKind

pytestmark = pytest.mark.anyio
ADMIN = Principal("usr-1", PrincipalKind.USER, "admin", frozenset({"hosts:enrol"}))
TOKEN = Principal("tok-1", PrincipalKind.ENROLMENT, "installer", frozenset({"hosts:enrol"}))


class FakeEnrolments:
    """Counts the uses of enrolment tokens."""

    def __init__(self):
        self.spent = []

    async def spend_enrolment(self, _session, principal):
        self.spent.append(principal)


@pytest.fixture
def world(database):
    return World(database, SteppedClock())


@pytest.fixture
def enrolments():
    return FakeEnrolments()


class Connections:
    """Takes down whose connections were closed."""

    def __init__(self):
        self.closed = []

    async def close_host(self, host, reason):
        self.closed.append((host, reason))


@pytest.fixture
def connections():
    return Connections()


@pytest.fixture
def call(world, enrolments, connections):
    table = {it.name: it for it in operations(world.fleet, world.telemetry, enrolments, connections)}

    async def call(operation, principal=ADMIN, /, **fields):
        operation = table[operation]
        request = operation.request.model_validate(fields)
        await world.agents.writing.flush()
        async with world.database.transaction() as session:
            answer = await operation.call(Call(session, principal, world.clock.now(), "req-1"), request)
        assert isinstance(answer, operation.response)
        return answer.model_dump(mode="json")

    return call


async def test_an_enrolment_token_enrols_and_is_spent(call, enrolments):
    answer = await call("hosts.enrol", TOKEN, name="web-1", labels={"app": "web"}, config=USER_CONFIG)
    assert answer["credential"]
    assert answer["host"]["name"] == "web-1"
    assert enrolments.spent == [TOKEN]


async def test_an_enrolment_token_cannot_take_over_a_host_but_an_administrator_renews_it(call):
    await call("hosts.enrol", TOKEN, name="web-1")
    with pytest.raises(HostEnrolmentDeniedError):
        await call("hosts.enrol", TOKEN, name="web-1", again=True)
    renewed = await call("hosts.enrol", name="web-1", again=True)
    assert renewed["credential"] == "phx_host_2"


async def test_a_host_that_is_enrolled_again_is_cut_off_with_its_old_credential(call, connections):
    first = await call("hosts.enrol", name="web-1")
    assert connections.closed == []
    await call("hosts.enrol", name="web-1", again=True)
    # Closing is begun by the commit and needs a turn of the loop.
    await asyncio.sleep(0)
    assert connections.closed == [(first["host"]["id"], "enrolled again")]


async def test_hosts_are_listed_shown_and_explained_step_by_step(call, world):
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.prove(host, agent)
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.CRASHES, agent)
    await world.talk(agent)
    listed = await call("hosts.list", selector="name=web-1")
    assert [it["name"] for it in listed["hosts"]] == ["web-1"]
    shown = await call("hosts.get", host="web-1")
    assert shown == listed["hosts"][0]
    assert shown["failure"]["code"] == "CONFIG_REFUSED_BY_HOST"
    history = await call("hosts.history", host=host.id, limit=7)
    assert [it["kind"] for it in history["events"]] == [
        "offered", "applying", "failed", "refused", "offered", "applying", "applied",
    ]  # fmt: skip
    diagnosis = await call("hosts.diagnose", host="web-1")
    assert diagnosis["ailment"] == "config_failed"
    assert any("exited unexpectedly" in line for line in diagnosis["log"])
    restored = await call("hosts.restore", host="web-1", reason="back to what works")
    assert restored["desired"] == restored["verified"]
    assert restored["failure"] is None


async def test_a_proved_host_is_well_by_rows_alone(call, world):
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.prove(host, agent)
    assert (await call("hosts.diagnose", host="web-1"))["ailment"] == "none"


async def test_unknown_hosts_and_bad_selectors_are_refused(call):
    with pytest.raises(HostNotFoundError):
        await call("hosts.get", host="nobody")
    with pytest.raises(SelectorInvalidError):
        await call("hosts.list", selector="a in")
