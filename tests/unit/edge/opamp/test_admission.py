import pytest
from prometheus_client import CollectorRegistry, Counter
from tests.support.opamp.handler import Tokens
from tests.support.store.clocks import SteppedClock

from phoenix.edge.opamp.admission import Admission, RefusedError, bearer
from phoenix.edge.opamp.limits import OpampLimits
from phoenix.edge.principal import Principal, PrincipalKind

HOST = Principal("host-a", PrincipalKind.HOST, "a", frozenset())


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def admission(clock):
    refused = Counter("refused", "", ("reason",), registry=CollectorRegistry())
    return Admission(Tokens(), clock, OpampLimits(joining=2, connections_per_host=3), refused)


def penalty(admission):
    with pytest.raises(RefusedError) as refused:
        admission.enter(HOST)
    assert (refused.value.status, refused.value.reason) == (429, "penalty")
    return refused.value.retry_after


def test_a_penalty_doubles_and_ends(admission, clock):
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        admission.punish("host-a")
        assert seconds <= penalty(admission) <= 2 * seconds
        clock.step(seconds)
        admission.enter(HOST).leave()
    clock.step(301)
    admission.punish("host-a")
    clock.step(1)
    admission.enter(HOST).leave()


def test_a_place_is_given_back_once(admission):
    first, second = admission.enter(HOST), admission.enter(HOST)
    with pytest.raises(RefusedError, match="many agents connect"):
        admission.enter(HOST)
    first.joined()
    first.joined()
    third = admission.enter(HOST)
    second.joined()
    with pytest.raises(RefusedError, match="3 connections"):
        admission.enter(HOST)
    for ticket in (first, first, second, third, third):
        ticket.leave()
    assert (admission.joining, admission._connections) == (0, {})


@pytest.mark.parametrize(
    ("value", "token"),
    [(b"Bearer abc", "abc"), (b"bearer  abc ", "abc"), (b"Basic abc", ""), (b"Bearer", ""), (b"abc", "")],
)
def test_reads_a_bearer_token(value, token):
    assert bearer([(b"host", b"a"), (b"authorization", value)]) == token
    assert bearer([]) == ""


def test_heartbeats_cannot_be_turned_off():
    with pytest.raises(ValueError, match="turns heartbeats off"):
        OpampLimits(heartbeat_seconds=0)
    with pytest.raises(ValueError, match="longer than"):
        OpampLimits(heartbeat_seconds=60, silent_seconds=60)
