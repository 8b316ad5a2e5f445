"""The format of fmt.Sprintf (doPrintf of fmt/print.go): flags, indexes like `%[2]d`, widths, precisions, mistakes."""

from collections.abc import Sequence
from typing import Final

from phoenix.engine.functions.arguments import go_type
from phoenix.engine.functions.golang.formatting.directive import Directive
from phoenix.engine.functions.golang.formatting.verbs import format_value
from phoenix.engine.functions.golang.text import joined, runes
from phoenix.engine.values.value import Value

_FLAGS: Final = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}
_LARGEST: Final = 10**6


def sprintf(text: str, values: Sequence[Value]) -> str:
    """Return a format filled; what does not fit says so in the result, as in Go.

    Raises:
        NotColumnarError: Go would write addresses or inner fields of a value.
    """
    return joined(iter(_Printer(text, values).print()))


class _Printer:
    """The state of one call: where the format is read, and which value is next."""

    def __init__(self, text: str, values: Sequence[Value]) -> None:
        self._text, self._values = text, values
        self._at = self._next = 0
        self._after_index = self._reordered = False
        self._good_index = True
        self._pieces: list[str] = []

    def print(self) -> list[str]:
        """Return the pieces of the result."""
        while True:
            place = self._text.find("%", self._at)
            if place < 0:
                break
            self._pieces.append(self._text[self._at : place])
            self._at, self._good_index = place + 1, True
            if not self._one():
                self._at = len(self._text)
                break
        self._pieces.append(self._text[self._at :])
        if not self._reordered and self._next < len(self._values):
            self._pieces.append(f"%!(EXTRA {', '.join(map(_extra, self._values[self._next :]))})")
        return self._pieces

    def _one(self) -> bool:
        directive = self._flags()
        if self._is_simple():
            return self._verb(directive)
        self._index()
        directive = self._width(directive)
        directive = self._precision(directive)
        if not self._after_index:
            self._index()
        if self._at >= len(self._text):
            self._pieces.append("%!(NOVERB)")
            return False
        return self._verb(directive)

    def _is_simple(self) -> bool:
        # The short way through doPrintf leaves `after_index` as the directive before it did.
        return "a" <= self._peek() <= "z" and self._next < len(self._values)

    def _verb(self, directive: Directive) -> bool:
        verb = runes(self._text[self._at])
        self._at += 1
        if verb == "%":
            self._pieces.append("%")
        elif not self._good_index:
            self._pieces.append(f"%!{verb}(BADINDEX)")
        elif self._next >= len(self._values):
            self._pieces.append(f"%!{verb}(MISSING)")
        else:
            given = directive.for_v() if verb in ("v", "w") else directive
            self._pieces.append(format_value(self._values[self._next], verb, given))
            self._next += 1
        return True

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _flags(self) -> Directive:
        directive = Directive()
        while name := _FLAGS.get(self._peek()):
            directive = directive.with_(**{name: True})
            self._at += 1
        return directive

    def _width(self, directive: Directive) -> Directive:
        if self._peek() == "*":
            self._at += 1
            width = self._from_value()
            if width is None:
                self._pieces.append("%!(BADWIDTH)")
            self._after_index = False
            if width is not None and width < 0:
                return directive.with_(width=-width, minus=True, zero=False)
            return directive.with_(width=width)
        width = self._number()
        if self._after_index and width is not None:
            self._good_index = False
        return directive.with_(width=width)

    def _precision(self, directive: Directive) -> Directive:
        if self._peek() != "." or self._at + 1 >= len(self._text):
            return directive
        self._at += 1
        if self._after_index:
            self._good_index = False
        self._index()
        if self._peek() != "*":
            return directive.with_(precision=self._number() or 0)
        self._at += 1
        precision = self._from_value()
        if precision is not None and precision < 0:
            precision = None
        if precision is None:
            self._pieces.append("%!(BADPREC)")
        self._after_index = False
        return directive.with_(precision=precision)

    def _from_value(self) -> int | None:
        if self._next >= len(self._values):
            return None
        value = self._values[self._next]
        self._next += 1
        is_int = isinstance(value, int) and not isinstance(value, bool)
        return value if is_int and abs(value) <= _LARGEST else None  # type: ignore[arg-type,return-value]

    def _number(self) -> int | None:
        start = self._at
        while self._peek().isdecimal() and self._peek().isascii():
            self._at += 1
        if start == self._at:
            return None
        if _is_small(digits := self._text[start : self._at]):
            return int(digits)
        # parsenum gives up, and what stands there is read as a verb.
        self._at = len(self._text)
        return None

    def _index(self) -> None:
        self._after_index = False
        if self._peek() != "[":
            return
        self._reordered = True
        inside, bracket, _ = self._text[self._at + 1 :].partition("]")
        # Go looks for three characters at least, so `[]` at the end is none.
        if not bracket or len(self._text) - self._at < 3:
            self._good_index = False
            self._at += 1
            return
        self._at += len(inside) + 2
        is_number = inside.isascii() and inside.isdecimal() and _is_small(inside)
        self._after_index = is_number
        if is_number and 0 <= int(inside) - 1 < len(self._values):
            self._next = int(inside) - 1
        else:
            self._good_index = False


def _is_small(digits: str) -> bool:
    # parsenum looks before it takes another digit.
    return int(digits[:-1] or "0") <= _LARGEST


def _extra(value: Value) -> str:
    if value is None:
        return "<nil>"
    return f"{go_type(value)}={format_value(value, 'v', Directive())}"
