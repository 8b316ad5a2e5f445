"""Where a command writes: data to `out`, chatter to `err`. Nothing else in `cli` touches sys.stdout or sys.stderr."""

import io
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TextIO

# Lines of a table that nobody's terminal bounds: wide enough for every column, narrow enough for a log.
_WIDTH_WITHOUT_TERMINAL = 120


@dataclass(frozen=True, slots=True)
class Streams:
    """The three streams of a process and what is known of them.

    Attributes:
        width: columns a table may take.
        color: colours are wanted on a terminal (NO_COLOR is unset and the terminal is not dumb).
    """

    out: TextIO
    err: TextIO
    stdin: TextIO
    out_is_terminal: bool = False
    err_is_terminal: bool = False
    color: bool = False
    width: int = _WIDTH_WITHOUT_TERMINAL

    @classmethod
    def standard(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the streams of this process."""
        return cls(
            out=sys.stdout,
            err=sys.stderr,
            stdin=sys.stdin,
            out_is_terminal=sys.stdout.isatty(),
            err_is_terminal=sys.stderr.isatty(),
            color=not environment.get("NO_COLOR") and environment.get("TERM") != "dumb",
            width=shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 40)).columns,
        )

    @classmethod
    def captured(cls, stdin: str = "", width: int = _WIDTH_WITHOUT_TERMINAL) -> Self:
        """Return streams into memory that are no terminal, for tests and for a command that calls another."""
        return cls(out=io.StringIO(), err=io.StringIO(), stdin=io.StringIO(stdin), width=width)
