"""Tokens that were looked up a moment ago, so that not every request asks the database.

Bounded and short-lived: what another process revokes is known here after KEPT_SECONDS; what this one revokes, at once.
"""

from collections import OrderedDict
from typing import Final

from phoenix.control.identity.model import Token

KEPT_SECONDS: Final = 15.0
SIZE: Final = 10_000


class TokenCache:
    """Tokens by digest."""

    def __init__(self, *, size: int = SIZE, kept_seconds: float = KEPT_SECONDS) -> None:
        self._size = size
        self._kept_seconds = kept_seconds
        self._tokens: OrderedDict[bytes, tuple[float, Token]] = OrderedDict()
        self.generation = 0

    def get(self, digest: bytes, monotonic: float) -> Token | None:
        """Return the token, unless it is not here or was looked up too long ago."""
        found = self._tokens.get(digest)
        if found is None or monotonic - found[0] > self._kept_seconds:
            return None
        return found[1]

    def put(self, digest: bytes, token: Token, monotonic: float, generation: int) -> None:
        """Keep a token that was looked up when the cache was of this generation; else it may be out of date already."""
        if generation != self.generation:
            return
        self._tokens[digest] = (monotonic, token)
        self._tokens.move_to_end(digest)
        while len(self._tokens) > self._size:
            self._tokens.popitem(last=False)

    def clear(self) -> None:
        """Forget all: a token was revoked."""
        self._tokens.clear()
        self.generation += 1
