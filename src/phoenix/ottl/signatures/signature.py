"""What a function takes, as its Arguments struct in the collector says it, and how OTTL binds what is written to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from phoenix.ottl.syntax import Expression, Span

_BEFORE_CAPITAL: Final = re.compile("(?<!^)(?=[A-Z])")


class Kind(Enum):
    """What an argument may be. A getter takes anything that can be evaluated; a literal of a wrong type is refused."""

    ANY = auto()
    """Getter: anything."""
    STRING = auto()
    STRING_LIKE = auto()
    INT = auto()
    INT_LIKE = auto()
    FLOAT = auto()
    FLOAT_LIKE = auto()
    BOOL = auto()
    BOOL_LIKE = auto()
    BYTES_LIKE = auto()
    MAP = auto()
    SLICE = auto()
    TIME = auto()
    DURATION = auto()
    PATH = auto()
    """Setter or GetSetter: a path, and nothing around it."""
    MAP_PATH = auto()
    """PMapGetSetter: a path that holds a map when it is run."""
    SLICE_PATH = auto()
    """PSliceGetSetter: a path that holds a list when it is run."""
    FUNCTION = auto()
    """FunctionGetter: the name of a function."""
    LAMBDA = auto()
    STRING_LITERAL = auto()
    INT_LITERAL = auto()
    FLOAT_LITERAL = auto()
    BOOL_LITERAL = auto()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: in snake case; `Call.arguments` has it.
        kind: what the argument may be; of a list what each item may be.
        many: the argument is a list written out.
        optional: it may be left out.
        field: the name in the collector's struct, which a written name must turn into.
        arity: how many parameters a lambda must have.
    """

    name: str
    kind: Kind
    many: bool = False
    optional: bool = False
    field: str = ""
    arity: int = 0

    def is_called(self, written: str) -> bool:
        """Whether a named argument means this one: `strcase.ToCamel` of it is the struct's field."""
        return camel_case(written) == (self.field or camel_case(self.name))

    @property
    def written(self) -> str:
        """How a named argument says it: an underscore before each capital of a field that has several in a row."""
        return _BEFORE_CAPITAL.sub("_", self.field).lower() if self.field else self.name


class WrongArgumentError(Exception):
    """An argument has the right kind and a value that the function refuses when it is made.

    Attributes:
        parameter: whose.
        reason: why, with what would do.
        span: where, when it is a part of the argument.
    """

    def __init__(self, parameter: str, reason: str, span: Span | None = None) -> None:
        super().__init__(reason)
        self.parameter = parameter
        self.reason = reason
        self.span = span


Check = Callable[[Mapping[str, Expression]], None]
"""Looks at bound arguments; raises WrongArgumentError or UncertainArgumentError."""


class UncertainArgumentError(WrongArgumentError):
    """Whether the collector refuses the value is not known here."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One function.

    Attributes:
        name: an editor's begins with a lower-case letter.
        parameters: in the order in which unnamed arguments are bound.
        check: what the collector looks at when it makes the function, beyond kinds.
        takes_anything: the collector does not look at the arguments at all, so that any are accepted.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    check: Check | None = field(default=None, compare=False)
    takes_anything: bool = False

    @property
    def required(self) -> int:
        """How many arguments there must be."""
        return sum(not parameter.optional for parameter in self.parameters)


def camel_case(text: str) -> str:
    """Return what `strcase.ToCamel` of github.com/iancoleman/strcase makes of a name.

    >>> camel_case("utf8_safe")
    'Utf8Safe'
    """
    made = []
    upper_next, upper_before = True, False
    for character in text:
        is_upper, is_lower = "A" <= character <= "Z", "a" <= character <= "z"
        if upper_next:
            made_of = character.upper() if is_lower else character
        else:
            made_of = character.lower() if upper_before and is_upper else character
        upper_before = is_upper
        if is_upper or is_lower:
            made.append(made_of)
            upper_next = False
        elif "0" <= character <= "9":
            made.append(character)
            upper_next = True
        else:
            upper_next = character in "_ -."
    return "".join(made)
