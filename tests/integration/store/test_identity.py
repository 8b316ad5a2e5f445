"""Tokens on both databases: who holds one, when it stops opening doors, and that its text is nowhere."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text
from tests.support.store.clocks import SteppedClock

from phoenix.control.audit import service as audit
from phoenix.control.identity.cache import KEPT_SECONDS, TokenCache
from phoenix.control.identity.errors import (
    AuthenticationError,
    CredentialConflictError,
    EnrolmentUsedUpError,
    LifetimeError,
    TokenExpiredError,
    TokenNotFoundError,
    TokenRevokedError,
)
from phoenix.control.identity.scopes import ENROLMENT, HOST, ROLES, Role
from phoenix.control.identity.service import Identity
from phoenix.core.ids import HostId
from phoenix.edge.principal import PrincipalKind

pytestmark = pytest.mark.anyio
WEB = HostId("host-web")


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def identity(database, clock):
    return Identity(database, clock)


@pytest.fixture
def create(database, identity, clock):
    async def create(role=Role.VIEWER, **options):
        async with database.transaction() as session:
            now = clock.now()
            clock.step(1)
            return await identity.create_token(session, name="ci", role=role, actor="usr-1", now=now, **options)

    return create


@pytest.fixture
def enrolment(database, identity, clock):
    async def create(uses=1, lifetime=timedelta(hours=1)):
        async with database.transaction() as session:
            return await identity.create_enrolment_token(
                session, name="rack 7", uses=uses, lifetime=lifetime, actor="usr-1", now=clock.now()
            )

    return create


@pytest.fixture
def issue(database, identity, clock):
    async def issue(host_id=WEB):
        async with database.transaction() as session:
            return await identity.issue_host_credential(session, host_id, "web", clock.now())

    return issue


async def first_start(database, identity, clock):
    async with database.transaction() as session:
        return await identity.first_start(session, clock.now())


async def revoke(database, identity, clock, token_id):
    async with database.transaction() as session:
        return await identity.revoke_token(session, token_id, actor="usr-1", reason="left", now=clock.now())


@pytest.mark.parametrize(("role", "prefix"), [(Role.ADMIN, "phx_adm_"), (Role.VIEWER, "phx_usr_")])
async def test_a_persons_token_holds_the_scopes_of_its_role(identity, create, role, prefix):
    issued = await create(role)
    principal = await identity.authenticate(issued.text)
    assert issued.text.startswith(prefix)
    assert (principal.id, principal.kind, principal.name) == (issued.token.id, PrincipalKind.USER, "ci")
    assert principal.scopes == ROLES[role]


async def test_a_hosts_credential_names_the_host(identity, issue):
    credential = await issue()
    principal = await identity.authenticate(credential)
    assert credential.startswith("phx_host_")
    assert (principal.id, principal.kind, principal.scopes) == (WEB, PrincipalKind.HOST, HOST)


async def test_the_text_of_a_token_is_not_in_the_database(database, create, enrolment, issue):
    texts = [(await create()).text, (await enrolment()).text, await issue()]
    async with database.read() as session:
        for table in ("tokens", "audit_entries"):
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608 - a name from here
            assert len(rows) == 3
            written = repr([tuple(map(bytes_or_same, row)) for row in rows])
            assert not any(secret[9:] in written for secret in texts)


def bytes_or_same(value):
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize(
    "unknown",
    ["", "x", "phx_adm_", "phx_adm_" + "A" * 43, "phx_adm_" + "A" * 43 + "\n", "phx_nobody_" + "A" * 43, "é" * 51],
)
async def test_what_phoenix_never_made_is_refused(identity, create, unknown):
    await create()
    with pytest.raises(AuthenticationError) as refused:
        await identity.authenticate(unknown)
    assert refused.value.code == "AUTHENTICATION_FAILED"


async def test_an_expired_token_is_refused_also_when_it_was_just_used(identity, create, clock):
    issued = await create(lifetime=timedelta(seconds=5))
    await identity.authenticate(issued.text)
    clock.step(5)
    with pytest.raises(TokenExpiredError) as refused:
        await identity.authenticate(issued.text)
    assert refused.value.code == "AUTHENTICATION_EXPIRED"


async def test_a_revoked_token_is_refused_at_once(database, identity, create, clock):
    issued = await create()
    await identity.authenticate(issued.text)
    await revoke(database, identity, clock, issued.token.id)
    with pytest.raises(TokenRevokedError) as refused:
        await identity.authenticate(issued.text)
    assert refused.value.code == "AUTHENTICATION_REVOKED"


async def test_revoking_again_changes_nothing(database, identity, create, clock):
    issued = await create()
    first = await revoke(database, identity, clock, issued.token.id)
    clock.step(60)
    assert await revoke(database, identity, clock, issued.token.id) == first
    async with database.read() as session:
        assert [it.action for it in await audit.entries(session, issued.token.id)] == [
            "user_token.created",
            "token.revoked",
        ]
    with pytest.raises(TokenNotFoundError):
        await revoke(database, identity, clock, "tok-none")


async def test_a_revocation_that_is_rolled_back_did_not_happen(database, identity, create, clock):
    issued = await create()

    async def fail():
        async with database.transaction() as session:
            await identity.revoke_token(session, issued.token.id, actor="usr-1", now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await identity.authenticate(issued.text)


async def test_a_look_up_during_a_revocation_is_not_kept_after_it(database, identity, create, clock):
    issued = await create()
    async with database.transaction() as session:
        await identity.revoke_token(session, issued.token.id, actor="usr-1", now=clock.now())
        assert await identity.authenticate(issued.text)
    with pytest.raises(TokenRevokedError):
        await identity.authenticate(issued.text)


async def test_what_another_process_revokes_is_known_here_soon(database, identity, create, clock):
    issued = await create()
    await identity.authenticate(issued.text)
    await revoke(database, Identity(database, clock), clock, issued.token.id)
    clock.step(KEPT_SECONDS + 1)
    with pytest.raises(TokenRevokedError):
        await identity.authenticate(issued.text)


async def test_a_token_just_used_is_known_without_the_database(database, identity, create):
    issued = await create()
    first = await identity.authenticate(issued.text)
    async with database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM tokens"))
    assert await identity.authenticate(issued.text) == first


async def test_a_new_credential_replaces_the_one_before(identity, issue):
    before = await issue()
    await identity.authenticate(before)
    after = await issue()
    with pytest.raises(TokenRevokedError):
        await identity.authenticate(before)
    assert (await identity.authenticate(after)).id == WEB


async def test_of_credentials_issued_at_once_one_lives(database, identity, issue):
    ended = await asyncio.gather(*(issue() for _ in range(8)), return_exceptions=True)
    assert all(isinstance(it, str | CredentialConflictError) for it in ended), ended
    alive = 0
    for credential in ended:
        if isinstance(credential, str):
            try:
                await identity.authenticate(credential)
                alive += 1
            except TokenRevokedError:
                pass
    assert alive == 1


async def test_a_revoked_host_is_refused(database, identity, issue, clock):
    credential = await issue()
    async with database.transaction() as session:
        assert await identity.revoke_host_credential(session, WEB, clock.now(), reason="stolen")
        assert not await identity.revoke_host_credential(session, WEB, clock.now())
    with pytest.raises(TokenRevokedError):
        await identity.authenticate(credential)


async def test_an_enrolment_token_enrols_as_many_hosts_as_it_may(database, identity, enrolment):
    principal = await identity.authenticate((await enrolment(uses=3)).text)
    assert (principal.kind, principal.scopes) == (PrincipalKind.ENROLMENT, ENROLMENT)

    async def spend():
        async with database.transaction() as session:
            await identity.spend_enrolment(session, principal)

    ended = await asyncio.gather(*(spend() for _ in range(5)), return_exceptions=True)
    assert sum(it is None for it in ended) == 3
    assert sum(isinstance(it, EnrolmentUsedUpError) for it in ended) == 2


async def test_an_admin_enrols_without_a_token_of_its_own(database, identity, create):
    principal = await identity.authenticate((await create(Role.ADMIN)).text)
    async with database.transaction() as session:
        await identity.spend_enrolment(session, principal)


async def test_a_token_that_would_never_be_valid_is_not_made(create, enrolment):
    with pytest.raises(LifetimeError):
        await create(lifetime=timedelta(0))
    with pytest.raises(LifetimeError):
        await enrolment(uses=0)


async def test_lists_tokens_of_people_and_enrolment_oldest_first(database, identity, create, enrolment, issue):
    first = await create()
    await issue()
    second = await enrolment()
    async with database.read() as session:
        assert await identity.tokens(session) == (first.token, second.token)


async def test_the_first_start_makes_one_admin_even_if_two_start_at_once(database, identity, clock):
    texts = await asyncio.gather(*(first_start(database, identity, clock) for _ in range(4)))
    (made,) = [it for it in texts if it is not None]
    assert (await identity.authenticate(made)).scopes == ROLES[Role.ADMIN]
    assert await first_start(database, identity, clock) is None


async def test_the_cache_is_bounded(create, database, clock):
    cache = TokenCache(size=2)
    identity = Identity(database, clock, cache=cache)
    for _ in range(5):
        await identity.authenticate((await create()).text)
    assert len(cache._tokens) == 2


def test_each_role_may_all_that_the_ones_before_it_may():
    allowed = [ROLES[role] for role in Role]
    assert all(less < more for less, more in pairwise(allowed))
