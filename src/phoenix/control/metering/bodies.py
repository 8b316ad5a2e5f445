"""Which bodies of a stream were taken already: senders repeat what they saw no answer for."""

import hashlib
from asyncio import Task
from collections import OrderedDict

from phoenix.edge.otlp.sink import Taken


def digest_of(body: bytes) -> bytes:
    """Return what a body is recognised by. Real telemetry never repeats one: its points carry the time."""
    return hashlib.blake2b(body, digest_size=16).digest()


class Bodies:
    """The last bodies of one stream with their outcome, or the task that will know it.

    A body that comes again after `most` others is not recognised; its points are late by then unless the stream sends
    faster than `most` bodies in the lateness allowed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[bytes, Task[Taken]] = OrderedDict()

    def find(self, digest: bytes) -> Task[Taken] | None:
        """Return the task that takes, or took, this body."""
        return self._known.get(digest)

    def remember(self, digest: bytes, task: Task[Taken]) -> None:
        """Keep the task; forget it if it fails, so that the body may come again."""
        self._known[digest] = task
        task.add_done_callback(lambda done: self._forget_failed(digest, done))
        while len(self._known) > self._most:
            oldest, held = next(iter(self._known.items()))
            if not held.done():
                break
            del self._known[oldest]

    def _forget_failed(self, digest: bytes, task: Task[Taken]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._known.pop(digest, None)
