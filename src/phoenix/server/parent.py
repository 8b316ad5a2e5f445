"""The line to the command that started this server: `phoenix up` hears what came of it, and the server hears it end."""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from phoenix.core.errors import PhoenixError


class Parent:
    """One end of a socket pair; the command holds the other."""

    def __init__(self, descriptor: int | None) -> None:
        """Take the descriptor; None for a server that nobody waits for."""
        self._descriptor = descriptor
        if descriptor is not None:
            os.set_blocking(descriptor, False)

    @property
    def waits(self) -> bool:
        """Whether a command listens."""
        return self._descriptor is not None

    def tell_ready(self, facts: Mapping[str, Any]) -> None:
        """Say that the server serves, and where."""
        self._tell({"ready": dict(facts)})

    def tell_problem(self, error: PhoenixError) -> None:
        """Say why the server does not start."""
        problem = {
            "title": error.kind.value.replace("_", " "),
            "code": error.code,
            "message": error.message,
            "details": error.details,
            "user_action": error.user_action,
        }
        self._tell({"problem": problem})

    def when_gone(self, do: Callable[[], None]) -> None:
        """Call `do` on the running loop when the command ends, however it ends."""
        if self._descriptor is None:
            return
        loop, descriptor = asyncio.get_running_loop(), self._descriptor

        def read() -> None:
            # The command never writes: whatever comes is its end.
            loop.remove_reader(descriptor)
            do()

        loop.add_reader(descriptor, read)

    def _tell(self, message: Mapping[str, Any]) -> None:
        if self._descriptor is None:
            return
        line = json.dumps(message, default=str) + "\n"
        try:
            os.write(self._descriptor, line.encode())
        except OSError:
            # It is gone; when_gone says so.
            return
