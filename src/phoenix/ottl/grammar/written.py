"""The tree of what is written, shaped as grammar.go of pkg/ottl 0.160 shapes it.

Whether something is a bare literal, a path or part of a computation decides what the collector accepts as an argument,
so the shape is kept until `meaning` has looked. Every node has the place of its text.
"""

from dataclasses import dataclass

from phoenix.ottl.syntax import CompareOp, MathOp, Span


@dataclass(frozen=True, slots=True)
class Nil:
    """`nil`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    """An int64 or a double without a sign."""

    value: int | float
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Bytes:
    """`0x..`."""

    value: bytes
    span: Span


@dataclass(frozen=True, slots=True)
class Symbol:
    """An enum's name, or a function's that has no lower-case letter."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Listing:
    """`[a, b]`."""

    items: tuple["Value", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """`{"a": b}`."""

    items: tuple[tuple[str, "Value"], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a path with its indexes."""

    name: str
    keys: tuple["Key", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """`a.b["c"]`; the first segment is the `context` when a dot follows it at once.

    Attributes:
        context: the first segment's name, or empty.
        segments: all, the context too.
    """

    context: str
    segments: tuple[Segment, ...]
    span: Span

    @property
    def fields(self) -> tuple[Segment, ...]:
        """The segments behind the context."""
        return self.segments[1:] if self.context else self.segments


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function that is named and not called, with a lower-case letter in its name."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands between two commas; `name` is empty unless written."""

    name: str
    value: "Value | FunctionName"
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """An editor or a converter, by the first letter of its name.

    Attributes:
        head: where the name is.
    """

    name: str
    arguments: tuple[Argument, ...]
    keys: tuple["Key", ...]
    head: Span
    span: Span

    @property
    def is_editor(self) -> bool:
        """Whether the name begins with a lower-case letter."""
        return self.name[0].islower()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name that a lambda gives; `_` gives none."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lambda:
    """`(k, v) => body`."""

    parameters: tuple[Parameter, ...]
    body: "Value | Condition"
    span: Span


@dataclass(frozen=True, slots=True)
class Signed:
    """`-a` or `+a`."""

    op: MathOp
    operand: "Term"
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b`."""

    op: MathOp
    left: "Term"
    right: "Term"
    span: Span


@dataclass(frozen=True, slots=True)
class Computation:
    """Anything with an operator, a sign or parentheses, even around one literal."""

    root: "Term"
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a == b`."""

    op: CompareOp
    left: "Value"
    right: "Value"
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    """`not a`."""

    operand: "Condition"
    span: Span


@dataclass(frozen=True, slots=True)
class Conjunction:
    """`a and b`, two or more."""

    operands: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Disjunction:
    """`a or b`, two or more."""

    operands: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """`editor(..) where condition`."""

    editor: Call
    where: "Condition | None"


Leaf = Number | Path | Call
Term = Leaf | Signed | Operation | Computation
Value = Nil | Leaf | Lambda | Computation | Bytes | Text | Boolean | Symbol | Mapping | Listing
Key = Text | Number | Computation
Condition = Comparison | Boolean | Call | Negation | Conjunction | Disjunction
Node = Value | Condition | Signed | Operation | FunctionName
