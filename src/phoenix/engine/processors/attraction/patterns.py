"""Go's regular expressions, which are those of RE2, for processors that look at names and attributes."""

from collections.abc import Sequence
from typing import Any, Final

import re2

from phoenix.engine.errors import NotColumnarError

_QUIET: Final = re2.Options()
_QUIET.log_errors = False


class WrongPatternError(ValueError):
    """A text is no regular expression."""


class Pattern:
    """A compiled expression.

    Raises:
        WrongPatternError: it does not compile.
    """

    def __init__(self, text: str) -> None:
        try:
            self._compiled: Any = re2.compile(text, _QUIET)
        except (re2.error, UnicodeError) as error:
            raise WrongPatternError(f"{text!r} is no regular expression: {error}") from error

    @property
    def names(self) -> Sequence[str]:
        """The names of the groups, "" for none, beginning with the whole match (SubexpNames)."""
        by_number = {number: name for name, number in self._compiled.groupindex.items()}
        return [by_number.get(number, "") for number in range(self._compiled.groups + 1)]

    def matches(self, text: str) -> bool:
        """Return whether the expression stands anywhere in a text (MatchString).

        Raises:
            NotColumnarError: the text is no UTF-8, of which RE2 and Go think differently.
        """
        return self._search(text) is not None

    def groups(self, text: str) -> Sequence[str] | None:
        """Return the first match and its groups, "" for those that took no part; None when there is none.

        Raises:
            NotColumnarError: as `matches`.
        """
        found = self._search(text)
        return None if found is None else [found[0], *(group or "" for group in found.groups())]

    def _search(self, text: str) -> Any:
        try:
            return self._compiled.search(text)
        except UnicodeEncodeError as error:
            raise NotColumnarError("a regular expression on text that is no UTF-8") from error
