"""How a server is asked to end: by a signal, or by the end of the command that started it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Asked once, the server ends what is under way; asked again, it cuts that short; asked more, nothing changes."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._again: list[Callable[[], None]] = []

    def ask(self) -> None:
        """Ask."""
        if self._asked.is_set():
            for hurry in self._again:
                hurry()
        self._asked.set()

    def when_asked_again(self, hurry: Callable[[], None]) -> None:
        """Call `hurry` when somebody loses patience."""
        self._again.append(hurry)

    async def wait(self) -> None:
        """Return once the server was asked to end."""
        await self._asked.wait()

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Be asked by SIGINT, SIGTERM and SIGHUP while the block runs, instead of dying of them."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.ask)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)
