"""`Cli`: what a command gets besides its options. Dependencies are made when first asked for, so help opens nothing."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from phoenix.cli.terminal.printable import printable
from phoenix.cli.terminal.streams import Streams
from phoenix.settings.output_format import OutputFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from phoenix.cli.terminal.blocks import Block
    from phoenix.cli.terminal.progress import Step
    from phoenix.client.connection import Connection
    from phoenix.settings.model import Settings


def _load_settings() -> "Settings":
    from phoenix.settings.load import load_settings  # noqa: PLC0415 - reading settings costs 0.1 s that help must not pay

    return load_settings()


def _connect(settings: "Settings") -> "Connection":
    from phoenix.cli.remote.connection import connect  # noqa: PLC0415 - HTTP costs 0.2 s that help must not pay

    return connect(settings)


@dataclass
class Cli:
    """The dependencies of commands; a test gives its own streams, settings and server."""

    streams: Streams = field(default_factory=Streams.standard)
    settings_source: "Callable[[], Settings]" = _load_settings
    server_source: "Callable[[Settings], Connection]" = _connect

    @cached_property
    def settings(self) -> "Settings":
        """The settings of this process.

        Raises:
            PhoenixError: the file or a variable is wrong.
        """
        return self.settings_source()

    @cached_property
    def server(self) -> "Connection":
        """The connection to the server, which is not opened before something is asked.

        Raises:
            PhoenixError: the settings are wrong.
        """
        return self.server_source(self.settings)

    def close(self) -> None:
        """Close what was opened. Safe to call twice."""
        if "server" in self.__dict__:
            self.server.close()

    def emit(self, data: object, blocks: "Sequence[Block]", form: OutputFormat | None) -> None:
        """Write the result of the command to stdout, in `form` or else the format of the settings.

        Raises:
            OutputUnavailableError: stdout cannot be written, such as a file on a full disk.
        """
        from phoenix.cli.terminal.output import write_result  # noqa: PLC0415 - drawing tables costs 0.1 s that help must not pay

        write_result(self.streams, form or self.settings.output_format, data, blocks)

    def say(self, text: str) -> None:
        """Write one line of chatter to stderr."""
        self.streams.err.write(f"{printable(text)}\n")
        self.streams.err.flush()

    def progress(self, title: str, total: float | None = None) -> "AbstractContextManager[Step]":
        """Show a long step on stderr while the body runs: `with cli.progress("Recording", total=60) as step`."""
        from phoenix.cli.terminal.progress import progress_step  # noqa: PLC0415 - as above

        return progress_step(self.streams, title, total)
