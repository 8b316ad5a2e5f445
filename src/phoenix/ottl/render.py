"""A checked tree back to text that parses to the same tree.

Used by tests of the language, and wherever something built in code must become a statement of a config. Paths come with
their context in front, arguments by position as far as the signature allows and by name from the first one left out.
"""

from collections.abc import Mapping
from typing import Final

from phoenix.ottl.dialect import Dialect
from phoenix.ottl.signatures.signature import Signature
from phoenix.ottl.syntax import (
    And,
    Arithmetic,
    Call,
    Comparison,
    Context,
    Enum,
    Expression,
    FunctionName,
    Lambda,
    ListOf,
    Literal,
    Local,
    MapOf,
    Negative,
    Not,
    Or,
    Path,
    Statement,
)

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def render_statement(statement: Statement, dialect: Dialect) -> str:
    """Return the statement as text.

    >>> from phoenix.ottl.dialect import TRANSFORM_STATEMENTS
    >>> from phoenix.ottl.language import parse_statement
    >>> statement = parse_statement('set( name , "x" )', Context.METRIC, TRANSFORM_STATEMENTS)
    >>> render_statement(statement, TRANSFORM_STATEMENTS)
    'set(metric.name, "x")'
    """
    text = render(statement.editor, statement.context, dialect)
    if statement.where is None:
        return text
    return f"{text} where {render(statement.where, statement.context, dialect)}"


def render(expression: Expression, context: Context, dialect: Dialect) -> str:
    """Return the expression, of a text that is run for `context`, as text."""
    return _Renderer(dialect.functions[context.value]).text(expression)


class _Renderer:
    def __init__(self, functions: Mapping[str, Signature]) -> None:
        self._functions = functions

    def text(self, node: Expression) -> str:
        if isinstance(node, Literal):
            return _literal(node.value)
        if isinstance(node, Enum | FunctionName):
            return node.name
        if isinstance(node, Path):
            return f"{node.context.value}.{node.name}{self._keys(node.keys)}"
        if isinstance(node, Local):
            return f"{node.name}{self._keys(node.keys)}"
        if isinstance(node, ListOf):
            return f"[{', '.join(self.text(item) for item in node.items)}]"
        if isinstance(node, MapOf):
            return f"{{{', '.join(f'{_literal(key)}: {self.text(item)}' for key, item in node.items)}}}"
        if isinstance(node, Call):
            return f"{node.name}({', '.join(self._arguments(node))}){self._keys(node.keys)}"
        if isinstance(node, Lambda):
            return f"({', '.join(node.parameters)}) => {self.text(node.body)}"
        return self._operation(node)

    def _operation(self, node: Negative | Arithmetic | Comparison | Not | And | Or) -> str:
        if isinstance(node, Negative):
            return f"-{self._factor(node.operand, always=isinstance(node.operand, Literal))}"
        if isinstance(node, Arithmetic):
            return f"{self._factor(node.left)} {node.op.value} {self._factor(node.right)}"
        if isinstance(node, Comparison):
            return f"{self.text(node.left)} {node.op.value} {self.text(node.right)}"
        if isinstance(node, Not):
            return f"not {self._boolean(node.operand)}"
        word = " and " if isinstance(node, And) else " or "
        return word.join(self._boolean(operand) for operand in node.operands)

    def _factor(self, node: Expression, *, always: bool = False) -> str:
        text = self.text(node)
        return f"({text})" if always or isinstance(node, Arithmetic | Negative) else text

    def _boolean(self, node: Expression) -> str:
        text = self.text(node)
        return text if isinstance(node, Literal | Call) else f"({text})"

    def _keys(self, keys: tuple[Expression, ...]) -> str:
        # A key that begins with an integer ends with it, unless parentheses say otherwise.
        return "".join(f"[{self._factor(key)}]" for key in keys)

    def _arguments(self, call: Call) -> list[str]:
        texts = []
        named = False
        for parameter in self._functions[call.name].parameters:
            argument = call.arguments.get(parameter.name)
            if argument is None:
                named = True
            else:
                text = self.text(argument)
                texts.append(f"{parameter.written}={text}" if named else text)
        return texts


def _literal(value: bool | float | str | bytes | None) -> str:
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    return str(value) if isinstance(value, int) else _double(value)


def _double(value: float) -> str:
    # The grammar wants a point, before the exponent too.
    digits, exponent, power = repr(value).partition("e")
    return f"{digits if '.' in digits else f'{digits}.0'}{exponent}{power}"
