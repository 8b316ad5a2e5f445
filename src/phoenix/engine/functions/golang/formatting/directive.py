"""One `%...` of a format, with its padding. The flags are those of fmt/format.go."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Directive:
    """What stands between `%` and the verb.

    Attributes:
        width: runes at least, None for as many as there are.
        precision: None for the verb's own.
        sharp_v: `%#v`, which asks for Go syntax instead of `sharp`.
        plus_v: `%+v`, instead of `plus`.
    """

    sharp: bool = False
    zero: bool = False
    plus: bool = False
    minus: bool = False
    space: bool = False
    width: int | None = None
    precision: int | None = None
    sharp_v: bool = False
    plus_v: bool = False

    def with_(self, **changes: bool | int | None) -> Self:
        """Return this directive changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass

    def for_v(self) -> Self:
        """Return the flags as `%v` takes them."""
        return replace(self, sharp=False, plus=False, sharp_v=self.sharp, plus_v=self.plus)

    def pad(self, text: str) -> str:
        """Return a text with as much padding as its width asks for; zeros only to the left."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if self.minus:
            return text + " " * missing
        return ("0" if self.zero else " ") * missing + text

    def pad_with_spaces(self, text: str) -> str:
        """Return a text padded, whatever the zero flag says."""
        return self.with_(zero=False).pad(text)

    def cut(self, text: str) -> str:
        """Return as many runes of a text as the precision allows."""
        return text if self.precision is None else text[: self.precision]
