"""The tree that parsing gives and checking completes: what a statement says, with the place of every part.

Read by `engine` (to run it) and by `collector.validate` (to point at what is wrong). Follows grammar.go of
pkg/ottl 0.160: https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/pkg/ottl/v0.160.0/pkg/ottl/grammar.go
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Context(StrEnum):
    """What a statement is run for, one after the other; `OTELCOL` is only ever whose a path is."""

    RESOURCE = "resource"
    SCOPE = "scope"
    METRIC = "metric"
    DATAPOINT = "datapoint"
    OTELCOL = "otelcol"


RUN_FOR: Final = (Context.RESOURCE, Context.SCOPE, Context.METRIC, Context.DATAPOINT)
"""The contexts that statements and conditions are run for, from the top."""


class CompareOp(StrEnum):
    """A comparison, as it is written."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GE = ">="
    GT = ">"

    @property
    def between(self) -> Callable[[Any, Any], Any]:
        """What it asks of two values of one kind that have an order, or of two arrays of them."""
        return _COMPARED[self]

    @property
    def of_equals(self) -> bool:
        """Whether it holds of what is equal, also where there is no order."""
        return self in {CompareOp.EQ, CompareOp.LE, CompareOp.GE}


_COMPARED: Final[Mapping[CompareOp, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        CompareOp.EQ: operator.eq,
        CompareOp.NE: operator.ne,
        CompareOp.LT: operator.lt,
        CompareOp.LE: operator.le,
        CompareOp.GE: operator.ge,
        CompareOp.GT: operator.gt,
    }
)


class MathOp(StrEnum):
    """An arithmetic operation, as it is written."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, stop)` of the text, from 0."""

    start: int
    stop: int


# Where a part came from never makes two parts differ.
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Literal:
    """`nil`, a boolean, an int64, a double, a string or bytes; `0x..` is bytes."""

    value: bool | int | float | str | bytes | None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Enum:
    """A symbol of the context's enums, such as METRIC_DATA_TYPE_SUM; its value is an int64."""

    name: str
    value: int
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple["Expression", ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{"a": b}`; of a key that stands twice the later wins, as in the collector."""

    items: tuple[tuple[str, "Expression"], ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """Telemetry: `resource.attributes["a"]["b"]` is RESOURCE, "attributes", two keys.

    Attributes:
        context: whose; always set once checked, also where the text leaves it out.
        name: the fields, joined by dots: "attributes", "name", "value_double", "cache".
        keys: indexes behind it, strings or integers as expressions (usually literals).
    """

    context: Context
    name: str
    keys: tuple["Expression", ...] = ()
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Local:
    """A parameter of a lambda around it, with indexes."""

    name: str
    keys: tuple["Expression", ...] = ()
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """`-a`, where a is not a number written out."""

    operand: "Expression"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`; products bind closer, equals from the left."""

    op: MathOp
    left: "Expression"
    right: "Expression"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a == b`."""

    op: CompareOp
    left: "Expression"
    right: "Expression"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    operand: "Expression"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`a and b and c`, which stops at the first that is false."""

    operands: tuple["Expression", ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b or c`, which stops at the first that is true."""

    operands: tuple["Expression", ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A converter given as an argument, without a call: `replace_pattern(..., SHA256)`."""

    name: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lambda:
    """`(k, v) => v != nil`."""

    parameters: tuple[str, ...]
    body: "Expression"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A converter or an editor with its arguments.

    Attributes:
        name: as written: `Concat`, `set`.
        arguments: by the parameter's name, in the order of the signature; optional ones not given are absent.
        keys: indexes into what it returns.
    """

    name: str
    arguments: Mapping[str, "Expression"]
    keys: tuple["Expression", ...] = ()
    span: Span = field(default=_NOWHERE, compare=False)


Expression = (
    Literal
    | Enum
    | ListOf
    | MapOf
    | Path
    | Local
    | Negative
    | Arithmetic
    | Comparison
    | Not
    | And
    | Or
    | FunctionName
    | Lambda
    | Call
)


@dataclass(frozen=True, slots=True)
class Statement:
    """`editor(...) where condition`, checked for one context.

    Attributes:
        context: what it is run for.
        editor: the call; its name begins with a lower-case letter.
        where: a boolean expression, or None.
        text: as written.
    """

    context: Context
    editor: Call
    where: Expression | None
    text: str
