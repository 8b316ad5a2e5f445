"""Look-ups of tokens that share queries: a fleet that comes back at once shows ten thousand credentials.

Whoever asks while a query is under way is answered by the next one, so that an answer is never older than its question.
"""

import asyncio

from phoenix.control.identity import repository
from phoenix.control.identity.model import Token
from phoenix.store.database import Database

# Below the number of parameters that every SQLite allows in a statement.
_AT_ONCE = 500


class TokenLookups:
    """Finds tokens by digest, in sessions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[bytes, asyncio.Future[Token | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def find(self, digest: bytes) -> Token | None:
        """Return the token that has this digest, or None.

        Raises:
            UnavailableError: the database cannot be had.
        """
        answer = self._waiting.get(digest)
        if answer is None:
            answer = self._waiting[digest] = asyncio.get_running_loop().create_future()
            # Whoever asked may be gone by then.
            answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        # One who gives up must not take the answer from the others.
        return await asyncio.shield(answer)

    async def _read(self) -> None:
        while self._waiting:
            asked = {digest: self._waiting.pop(digest) for digest in list(self._waiting)[:_AT_ONCE]}
            try:
                async with self._database.read() as session:
                    found = await repository.by_digests(session, asked)
            except Exception as error:  # noqa: BLE001 - it is told to all who asked
                for answer in asked.values():
                    answer.set_exception(error)
            else:
                for digest, answer in asked.items():
                    answer.set_result(found.get(digest))
