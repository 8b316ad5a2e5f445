"""The one family of errors that Phoenix raises on purpose.

A room defines its own subclasses in its `errors.py`; `cli` turns the kind into an exit status, and HTTP and gRPC will
do the same in one table each. `code` is public and never reused: docs/reference/errors.md is generated from them.

    PhoenixError
    ├── InvalidError        the input is wrong; the message names the place in it
    ├── DeniedError         the system or a policy forbids it
    ├── NotFoundError       the thing named does not exist
    ├── ConflictError       it exists already, or is in use, or changed meanwhile
    ├── UnavailableError    something we need is missing or does not answer; trying again may help
    └── InterruptedByUserError  Ctrl-C
"""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What went wrong in words no edge owns; HTTP, gRPC and CLI each map it in one table."""

    INVALID = "invalid"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"
    INTERRUPTED = "interrupted"


class PhoenixError(Exception):
    """Raised on purpose; anything else that escapes is a bug.

    Attributes:
        kind: the family, which decides exit status and HTTP status.
        code: public, stable, never reused; upper case with underscores.
        user_action: what to do next, a full sentence. A subclass gives the general remedy; an instance may sharpen it.
        details: where and what, for machines: strings, numbers, lists. Always JSON-like.
    """

    kind: ClassVar[ErrorKind]
    code: ClassVar[str]
    user_action: str

    def __init__(self, message: str, *, user_action: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        if user_action is not None:
            self.user_action = user_action
        self.details = details


class InvalidError(PhoenixError):
    """The input is wrong; the message names the place in it."""

    kind = ErrorKind.INVALID
    code = "INVALID_INPUT"
    user_action = "Correct the input at the place named and try again."


class DeniedError(PhoenixError):
    """The system or a policy forbids it."""

    kind = ErrorKind.DENIED
    code = "DENIED"
    user_action = "Ask for the permission named, or run as a user who has it."


class NotFoundError(PhoenixError):
    """The thing named does not exist."""

    kind = ErrorKind.NOT_FOUND
    code = "NOT_FOUND"
    user_action = "Check the name; list what exists with the matching list command."


class ConflictError(PhoenixError):
    """It exists already, is in use, or changed meanwhile."""

    kind = ErrorKind.CONFLICT
    code = "CONFLICT"
    user_action = "Choose another name or place, or remove what is there."


class UnavailableError(PhoenixError):
    """Something that is needed is missing or does not answer; trying again may help."""

    kind = ErrorKind.UNAVAILABLE
    code = "UNAVAILABLE"
    user_action = "Try again; if it stays, look at the details."


class InterruptedByUserError(PhoenixError):
    """The user pressed Ctrl-C, or the process was asked to end."""

    kind = ErrorKind.INTERRUPTED
    code = "INTERRUPTED"
    user_action = "Run the command again; nothing half-written was left."
