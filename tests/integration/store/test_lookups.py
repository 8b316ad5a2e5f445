"""Many who show a token at once share queries; each is answered for itself."""

import asyncio
import contextlib

import pytest
from tests.support.store.clocks import SteppedClock

from phoenix.control.identity.errors import AuthenticationError
from phoenix.control.identity.scopes import Role
from phoenix.control.identity.service import Identity
from phoenix.store.errors import DatabaseUnreachableError

pytestmark = pytest.mark.anyio


class CountingDatabase:
    """Counts sessions that read; none can be had while `away` is set."""

    def __init__(self, database):
        self.database, self.reads, self.away = database, 0, False

    @contextlib.asynccontextmanager
    async def read(self):
        self.reads += 1
        if self.away:
            raise DatabaseUnreachableError("the disk is gone")
        async with self.database.read() as session:
            yield session


@pytest.fixture
def counting(database):
    return CountingDatabase(database)


@pytest.fixture
def identity(counting):
    return Identity(counting, SteppedClock())


@pytest.fixture
async def tokens(database, identity):
    async with database.transaction() as session:
        made = [
            await identity.create_token(
                session, name=f"ci-{number}", role=Role.VIEWER, actor="usr-1", now=SteppedClock().now()
            )
            for number in range(20)
        ]
    return [(issued.token.id, issued.text) for issued in made]


async def test_a_thousand_at_once_take_a_few_queries(identity, counting, tokens):
    asked = tokens * 50
    found = await asyncio.gather(*(identity.authenticate(text) for _, text in asked))
    assert [principal.id for principal in found] == [token for token, _ in asked]
    assert counting.reads <= 2


async def test_an_unknown_token_among_known_ones_is_refused_alone(identity, tokens):
    unknown = tokens[0][1][:-4] + "AAAA"
    answers = await asyncio.gather(
        identity.authenticate(tokens[0][1]), identity.authenticate(unknown), return_exceptions=True
    )
    assert getattr(answers[0], "id", answers[0]) == tokens[0][0]
    assert isinstance(answers[1], AuthenticationError)


async def test_a_database_that_is_away_is_told_to_all_and_asked_again_later(identity, counting, tokens):
    counting.away = True
    answers = await asyncio.gather(*(identity.authenticate(text) for _, text in tokens), return_exceptions=True)
    assert all(isinstance(answer, DatabaseUnreachableError) for answer in answers)
    counting.away = False
    assert (await identity.authenticate(tokens[3][1])).id == tokens[3][0]


async def test_one_who_gives_up_takes_the_answer_from_nobody(identity, tokens):
    token, text = tokens[0]
    first, second = (asyncio.create_task(identity.authenticate(text)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).id == token
