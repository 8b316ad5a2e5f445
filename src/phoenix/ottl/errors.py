"""What is wrong with a text of OTTL, and where.

OttlError
├── OttlSyntaxError     it does not parse
└── OttlMeaningError    it parses, and a path, function, argument or context is not what it must be
"""

from typing import Any

from phoenix.core.errors import InvalidError


class OttlError(InvalidError):
    """A text that the collector would refuse.

    Attributes:
        offset: index of the first character, from 0, that is wrong.
    """

    def __init__(self, message: str, offset: int, *, user_action: str | None = None, **details: Any) -> None:
        super().__init__(message, user_action=user_action, offset=offset, **details)
        self.offset = offset


class OttlSyntaxError(OttlError):
    """The text does not parse."""

    code = "OTTL_SYNTAX_INVALID"
    user_action = "Write the statement as the OTTL grammar wants it, at the place named."


class OttlMeaningError(OttlError):
    """A path, a function, an argument or a context is not what it must be."""

    code = "OTTL_MEANING_INVALID"
    user_action = "Correct the path, function or argument at the place named."
