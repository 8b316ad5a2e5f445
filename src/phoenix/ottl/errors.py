"""What is wrong with a text of OTTL, and where.

OttlError
├── OttlSyntaxError     it does not parse
├── OttlMeaningError    it parses, and a path, function, argument or context is not what it must be
│   └── OttlGateError   a collector accepts it only with a feature gate that is off unless asked for
└── OttlNotDoneError    a collector accepts it, and Phoenix does not do it
"""

from typing import Any

from phoenix.core.errors import InvalidError


class OttlError(InvalidError):
    """A text that is not taken.

    Attributes:
        offset: index of the first character, from 0, that is wrong.
        index: which of the texts given together it is, from 0.
    """

    code = "OTTL_NOT_TAKEN"
    user_action = "Correct the text at the place named."

    def __init__(self, message: str, offset: int, *, user_action: str | None = None, **details: Any) -> None:
        super().__init__(message, user_action=user_action, offset=offset, **details)
        self.offset = offset
        self.index = 0


class OttlSyntaxError(OttlError):
    """The text does not parse."""

    code = "OTTL_SYNTAX_INVALID"
    user_action = "Write the statement as the OTTL grammar wants it, at the place named."


class OttlMeaningError(OttlError):
    """A path, a function, an argument or a context is not what it must be."""

    code = "OTTL_MEANING_INVALID"
    user_action = "Correct the path, function or argument at the place named."


class OttlGateError(OttlMeaningError):
    """A collector accepts the text only with a feature gate. Details: `gate`."""

    code = "OTTL_GATE_CLOSED"
    user_action = "Say it without the feature named; a collector refuses it unless started with the feature gate."


class OttlNotDoneError(OttlError):
    """A collector accepts the text, and Phoenix does not do what it says. Details: `feature`."""

    code = "OTTL_NOT_DONE"
    user_action = "Say it without the feature named, or evaluate with the collector itself."
