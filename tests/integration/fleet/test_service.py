"""The fleet's service on both databases."""

import pytest
from tests.support.fleet import ENDPOINT, USER_CONFIG, FakeChecker, SteppedClock, compose, make_fleet

from phoenix.collector.config.document import ConfigDocument
from phoenix.control.fleet.errors import (
    ConfigRefusedError,
    HostNameInvalidError,
    HostNameTakenError,
    HostNotFoundError,
    RevisionNotFoundError,
)
from phoenix.control.fleet.model import EventKind, HostState, Purpose
from phoenix.control.fleet.selector import Selector
from phoenix.core.ids import ExperimentId, RevisionId, new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def fleet(clock):
    return make_fleet(clock)


@pytest.fixture
def enrol(fleet, clock, database):
    async def enrol(name, config_text=USER_CONFIG, again=False, **labels):
        async with database.transaction() as session:
            return await fleet.enrol(
                session, name=name, labels=labels, config_text=config_text, now=clock.now(), again=again
            )

    return enrol


def _candidate(clock):
    document = ConfigDocument.parse(USER_CONFIG)
    return compose(document, endpoint=ENDPOINT, revision=RevisionId(new_id("rev", clock.now())))


async def test_enrolled_host_is_to_run_what_it_was_enrolled_with(fleet, enrol, database):
    enrolled = await enrol("web-1", app="web")
    assert enrolled.credential
    async with database.read() as session:
        host = await fleet.get(session, "web-1")
        revision = await fleet.revision(session, host.desired)
        document = await fleet.steady_document(session, host.id)
    assert (host.name, host.labels, host.state) == ("web-1", {"app": "web"}, HostState.SILENT)
    assert host.desired == host.fallback == revision.id == document.revision
    assert (host.verified, host.proved, host.failure) == (None, None, None)
    assert document.text == revision.document == USER_CONFIG
    assert revision.id in revision.text


async def test_hosts_enrolled_with_one_file_share_one_revision(enrol):
    one, other = await enrol("a"), await enrol("b")
    assert one.host.desired == other.host.desired


async def test_host_without_a_config_falls_back_to_the_built_in_baseline(fleet, enrol, database):
    enrolled = await enrol("bare", config_text="")
    async with database.read() as session:
        document = await fleet.steady_document(session, enrolled.host.id)
    assert "process-baseline-v1" in document.text


async def test_a_name_is_enrolled_once_unless_said_again(fleet, enrol, database):
    first = await enrol("web-1")
    with pytest.raises(HostNameTakenError):
        await enrol("web-1")
    second = await enrol("web-1", again=True, tier="b")
    assert second.host.id == first.host.id
    assert second.host.labels == {"tier": "b"}
    assert second.credential != first.credential


@pytest.mark.parametrize("name", ["", "a b", "-a", "a" * 254, "a/b"])
async def test_refuses_a_name_that_cannot_stand_in_an_address(enrol, name):
    with pytest.raises(HostNameInvalidError):
        await enrol(name)


async def test_refuses_labels_that_a_selector_could_not_name(enrol):
    with pytest.raises(HostNameInvalidError):
        await enrol("a", **{"bad key": "x"})
    with pytest.raises(HostNameInvalidError):
        await enrol("a", app="x y")
    with pytest.raises(HostNameInvalidError):
        await enrol("a", id="b")


@pytest.mark.parametrize("config", ["refuse-me: 1", "a: [", "a: 1\na: 2", "- a"])
async def test_a_host_whose_config_the_collector_refuses_is_not_taken_over(fleet, enrol, database, config):
    with pytest.raises(ConfigRefusedError):
        await enrol("web-1", config_text=config)
    async with database.read() as session:
        assert await fleet.hosts(session, Selector()) == []


async def test_hosts_are_selected_by_labels_and_name(fleet, enrol, database):
    await enrol("web-1", app="web", tier="a")
    await enrol("web-2", app="web", tier="b")
    await enrol("db-1", app="db")

    async def names(selector):
        async with database.read() as session:
            return [host.name for host in await fleet.hosts(session, Selector.parse(selector))]

    assert await names("") == ["db-1", "web-1", "web-2"]
    assert await names("app=web,tier!=a") == ["web-2"]
    assert await names("!tier") == ["db-1"]
    assert await names("name in (web-1,db-1)") == ["db-1", "web-1"]
    assert await names("app=none") == []


async def test_hosts_are_selected_by_any_key_that_a_label_may_have(fleet, enrol, database):
    await enrol("web-1", **{"app.kubernetes.io/name": "web", "a-b_c": "1"})
    await enrol("web-2", **{"app.kubernetes.io/name": "", "a-b_c": "true"})
    for selector, names in (
        ("app.kubernetes.io/name=web", ["web-1"]),
        ("app.kubernetes.io/name in (web,other),a-b_c=1", ["web-1"]),
        ("a-b_c in (1,true)", ["web-1", "web-2"]),
        ("a-b_c=true", ["web-2"]),
    ):
        async with database.read() as session:
            assert [host.name for host in await fleet.hosts(session, Selector.parse(selector))] == names


async def test_a_refused_config_is_not_stored(fleet, clock, database):
    composed = _candidate(clock)
    refused = ConfigDocument.parse("refuse-me: {}\n")
    composed = compose(refused, endpoint=ENDPOINT, revision=RevisionId(composed.revision))
    with pytest.raises(ConfigRefusedError):
        async with database.transaction() as session:
            await fleet.register(
                session, composed, purpose=Purpose.STEADY, experiment=None, now=clock.now(), document="x"
            )
    async with database.read() as session:
        with pytest.raises(RevisionNotFoundError):
            await fleet.revision(session, RevisionId(composed.revision))


async def test_the_exact_text_is_checked_before_it_is_stored(fleet, clock, database):
    composed = _candidate(clock)
    async with database.transaction() as session:
        await fleet.register(
            session, composed, purpose=Purpose.EXPERIMENT, experiment=ExperimentId("exp-1"), now=clock.now()
        )
    assert isinstance(fleet.checker, FakeChecker)
    assert fleet.checker.asked == [composed.text]


async def test_a_repeated_config_has_new_content_and_a_new_hash(fleet, clock, database):
    composed = _candidate(clock)
    async with database.transaction() as session:
        first = await fleet.register(
            session, composed, purpose=Purpose.STEADY, experiment=None, now=clock.now(), document=USER_CONFIG
        )
        second = await fleet.repeat(session, first, now=clock.now())
    assert second.id != first.id
    assert second.digest != first.digest
    assert second.text.replace(second.id, first.id) == first.text
    assert (second.retry_of, second.document) == (first.id, first.document)


async def test_desire_is_set_and_restored_with_its_reasons_in_the_history(fleet, enrol, clock, database):
    host = (await enrol("web-1")).host
    async with database.transaction() as session:
        revision = await fleet.register(
            session, _candidate(clock), purpose=Purpose.EXPERIMENT, experiment=ExperimentId("exp-1"), now=clock.now()
        )
        await fleet.set_desired(session, [host.id], revision.id, reason="experiment exp-1", now=clock.now())
    async with database.read() as session:
        assert (await fleet.get(session, host.id)).desired == revision.id
    async with database.transaction() as session:
        targets = await fleet.restore(session, [host.id], reason="experiment exp-1 ended", now=clock.now())
    async with database.read() as session:
        restored = await fleet.get(session, host.id)
        history = await fleet.history(session, "web-1")
    assert restored.desired == targets[host.id] == host.fallback
    assert [(event.kind, event.text) for event in history] == [
        (EventKind.ENROLLED, ""),
        (EventKind.DESIRED, "experiment exp-1"),
        (EventKind.DESIRED, "experiment exp-1 ended"),
    ]


async def test_unknown_hosts_and_revisions_are_named(fleet, enrol, clock, database):
    host = (await enrol("web-1")).host
    async with database.transaction() as session:
        with pytest.raises(RevisionNotFoundError, match="rev-none"):
            await fleet.set_desired(session, [host.id], RevisionId("rev-none"), reason="", now=clock.now())
        with pytest.raises(HostNotFoundError, match="nobody"):
            await fleet.get(session, "nobody")


async def test_a_host_that_is_not_heard_is_silent_then_lost(fleet, enrol, clock, database):
    await enrol("web-1")
    clock.step(20 * 60)
    async with database.read() as session:
        assert (await fleet.get(session, "web-1")).state is HostState.LOST
