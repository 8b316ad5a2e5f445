"""Evaluating an expression for every row of a context: `ottl.syntax` trees in, columns out."""

from collections.abc import Sequence
from typing import Any, Protocol

from phoenix.engine.columns import Coded, Column, Failed, Truth
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.expressions.arrays import ARRAYS
from phoenix.engine.expressions.built_in import BUILT_IN
from phoenix.engine.expressions.calling import as_coded, call, constant, truth_of
from phoenix.engine.expressions.comparing import compared
from phoenix.engine.expressions.computing import computed, negated_number
from phoenix.engine.expressions.logic import always, both, either, joined, negated
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame
from phoenix.engine.functions.registry import CONVERTERS, CONVERTERS_AT, TAKES_FAILED
from phoenix.engine.functions.time.arrival import needs_arrival
from phoenix.engine.scalar.indexing import within_result
from phoenix.engine.scalar.literal_maps import literal_map
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import (
    And,
    Arithmetic,
    Call,
    Comparison,
    Context,
    Enum,
    Expression,
    FunctionName,
    ListOf,
    Literal,
    MapOf,
    Negative,
    Not,
    Or,
    Path,
)


class Reader(Protocol):
    """Something that knows what paths hold."""

    def read(self, rows: Rows, path: Path, keys: Sequence[Coded]) -> Column:
        """Return what a path holds behind keys."""
        ...


class Evaluation:
    """Expressions of one context on one frame.

    Args:
        frame: what is read.
        context: whose rows the expressions are for.
        reader: knows what paths hold.
    """

    def __init__(self, frame: Frame, context: Context, reader: Reader) -> None:
        self.rows = Rows(frame)
        self.context = context
        self._reader = reader
        self._truths: dict[int, tuple[Expression, Truth]] = {}

    def column(self, expression: Expression) -> Column:
        """Return the value of an expression for every row, in the highest space that holds it.

        Raises:
            NotColumnarError: something in it cannot be done in columns.
        """
        match expression:
            case Literal() | Enum():
                return constant(expression.value)
            case Path():
                return self._reader.read(self.rows, expression, self.coded(expression.keys))
            case Call():
                return self._call(expression)
            case Arithmetic():
                left, right = self.column(expression.left), self.column(expression.right)
                return computed(self.rows, left, right, expression.op)
            case Negative():
                return negated_number(self.rows, self.column(expression.operand))
            case ListOf():
                return call(self.rows, lambda *items: Anys(items), self.coded(expression.items))
            case MapOf():
                keys = [key for key, _ in expression.items]
                values = self.coded([value for _, value in expression.items])
                return call(self.rows, lambda *held: literal_map(keys, held), values)
            case FunctionName():
                return constant(_converter(expression.name))
            case _:
                raise NotColumnarError(f"{type(expression).__name__.lower()} as a value")

    def coded(self, expressions: Sequence[Expression]) -> list[Coded]:
        """Return the value of each expression as a column of values."""
        return [as_coded(self.rows, self.column(expression)) for expression in expressions]

    def truth(self, condition: Expression) -> Truth:
        """Return a condition for every row, in the highest space that holds it.

        Raises:
            NotColumnarError: something in it cannot be done in columns.
        """
        if id(condition) not in self._truths:
            # With the tree beside it, so that no other gets its number.
            self._truths[id(condition)] = condition, self._find_truth(condition)
        return self._truths[id(condition)][1]

    def _find_truth(self, condition: Expression) -> Truth:
        match condition:
            case Literal():
                return always(true=condition.value is True)
            case Comparison():
                left, right = self.column(condition.left), self.column(condition.right)
                return compared(self.rows, left, right, condition.op)
            case Not():
                return negated(self.truth(condition.operand))
            case And() | Or():
                parts = [self.truth(operand) for operand in condition.operands]
                return joined(self.rows, both if isinstance(condition, And) else either, parts)
            case _:
                return truth_of(self.rows, as_coded(self.rows, self.column(condition)))

    def _call(self, expression: Call) -> Column:
        made: Column | None = None
        if expression.name in BUILT_IN:
            made = BUILT_IN[expression.name](self.rows, expression.arguments)
        elif expression.name in ARRAYS:
            made = ARRAYS[expression.name]({name: self.column(it) for name, it in expression.arguments.items()})
        if made is None:
            made = self._convert(expression)
        if not expression.keys:
            return made
        operands = [as_coded(self.rows, made), *self.coded(expression.keys)]
        return call(self.rows, lambda held, *keys: within_result(held, keys), operands, lazy=True)

    def _convert(self, expression: Call) -> Coded:
        function, names = _converter(expression.name), tuple(expression.arguments)
        takes_failed = TAKES_FAILED.get(expression.name, frozenset())
        operands = [self._argument(value, lazy=name in takes_failed) for name, value in expression.arguments.items()]
        written = {name: value.value for name, value in expression.arguments.items() if isinstance(value, Literal)}
        if needs_arrival(expression.name, written):
            function, names = CONVERTERS_AT[expression.name], (*names, "arrival")
            operands.append(as_coded(self.rows, BUILT_IN["Now"](self.rows, {})))

        def convert(*held: Any) -> Value:
            for name, value in zip(names, held, strict=True):
                if isinstance(value, Failed) and name not in takes_failed:
                    raise OttlRuntimeError(value.why)
            made: Value = function(**dict(zip(names, held, strict=True)))
            return made

        return call(self.rows, convert, operands, lazy=True)

    def _argument(self, expression: Expression, *, lazy: bool) -> Coded:
        if isinstance(expression, ListOf) and lazy:
            return call(self.rows, lambda *items: Anys(items), self.coded(expression.items), lazy=True)
        return as_coded(self.rows, self.column(expression))


def _converter(name: str) -> Any:
    try:
        return CONVERTERS[name]
    except KeyError:
        raise NotColumnarError(f"function {name}") from None
