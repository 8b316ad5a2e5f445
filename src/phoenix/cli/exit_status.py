"""The one table of exit statuses. docs/reference/cli.md prints it; scripts may rely on it."""

from enum import IntEnum

from phoenix.cli.errors import UsageError
from phoenix.core.errors import ErrorKind, PhoenixError


class ExitStatus(IntEnum):
    """What a process of `phoenix` ends with."""

    OK = 0
    BUG = 1
    DIFFERENT = 1
    USAGE = 2
    INVALID = 3
    NOT_FOUND = 4
    DENIED = 5
    CONFLICT = 6
    UNAVAILABLE = 7
    INTERRUPTED = 130
    BROKEN_PIPE = 141


MEANINGS = {
    ExitStatus.OK: "Done.",
    ExitStatus.BUG: "A bug in Phoenix. From `phoenix capture diff`: the captures differ, as `diff` does. "
    "From `phoenix whatif --against-collector`: the versions differ. "
    "From `phoenix verify`: something was changed. "
    "From `phoenix doctor`: something is not well.",
    ExitStatus.USAGE: "The command line does not fit the command.",
    ExitStatus.INVALID: "The input is wrong: a config, a parameter, a setting, a file.",
    ExitStatus.NOT_FOUND: "Something named does not exist.",
    ExitStatus.DENIED: "The system forbids it: permissions, a read-only folder.",
    ExitStatus.CONFLICT: "It exists already, or is in use.",
    ExitStatus.UNAVAILABLE: "Something needed is missing or failed; trying again may help.",
    ExitStatus.INTERRUPTED: "Interrupted by Ctrl-C; 143 when asked to end by SIGTERM, 129 when the terminal closed.",
    ExitStatus.BROKEN_PIPE: "The reader of the output went away, as in `phoenix ... | head -1`.",
}

_OF_KIND = {
    ErrorKind.INVALID: ExitStatus.INVALID,
    ErrorKind.DENIED: ExitStatus.DENIED,
    ErrorKind.NOT_FOUND: ExitStatus.NOT_FOUND,
    ErrorKind.CONFLICT: ExitStatus.CONFLICT,
    ErrorKind.UNAVAILABLE: ExitStatus.UNAVAILABLE,
    ErrorKind.INTERRUPTED: ExitStatus.INTERRUPTED,
}


def status_of(error: PhoenixError) -> ExitStatus:
    """Return the exit status that tells this error."""
    return ExitStatus.USAGE if isinstance(error, UsageError) else _OF_KIND[error.kind]
