"""Calls of OTTL functions: written as a statement has them, and worked out with the engine's functions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from phoenix.engine.columns import Failed
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.comparison.rules import compare
from phoenix.engine.functions.registry import CONVERTERS, TAKES_FAILED
from phoenix.engine.scalar.literal_maps import literal_map
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import CompareOp

Functions = Mapping[str, Callable[..., Any]]

# SourceIP is found as the camel case of this alone.
_WRITTEN_NAMES = {"source_ip": "source_i_p", "destination_ip": "destination_i_p"}
# The struct field URI has no name that a statement could say.
_NAMELESS = "uri"


@dataclass(frozen=True)
class Attribute:
    """`datapoint.attributes["name"]`."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function with named arguments: values, attributes, other calls, and lists and maps of them.

    An editor's target is no argument here: it is a copy of the attribute "a".
    """

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A converter given as an argument."""

    name: str


@dataclass(frozen=True)
class Compared:
    """`left op right`, true or false."""

    left: Any
    op: CompareOp
    right: Any


@dataclass(frozen=True)
class Refused:
    """The engine says that it cannot do this."""

    what: str


def call(function: str, /, **arguments: Any) -> Call:
    """Return a call."""
    return Call(function, arguments)


def written(expression: Any) -> str:
    """Return an expression as OTTL."""
    match expression:
        case Attribute():
            return f'datapoint.attributes["{expression.name}"]'
        case Call():
            return f"{expression.name}({', '.join(_arguments(expression))})"
        case Named():
            return expression.name
        case Compared():
            return f"{written(expression.left)} {expression.op} {written(expression.right)}"
        case list():
            return f"[{', '.join(map(written, expression))}]"
        case dict():
            return f"{{{', '.join(f'{_quoted(key)}: {written(value)}' for key, value in expression.items())}}}"
        case str():
            return _quoted(expression)
        case bytes():
            return f"0x{expression.hex()}"
        case None:
            return "nil"
        case bool():
            return str(expression).lower()
        case _:
            return repr(expression)


def edit_written(editor: Call, target: str) -> str:
    """Return a call of an editor as OTTL."""
    return f"{editor.name}({', '.join([target, *_arguments(editor)])})"


def _arguments(call: Call) -> Iterator[str]:
    for name, value in call.arguments.items():
        yield written(value) if name == _NAMELESS else f"{_WRITTEN_NAMES.get(name, name)}={written(value)}"


def worked_out(expression: Any, attributes: Map, functions: Functions = CONVERTERS) -> Any:
    """Return the value of an expression, `Failed`, or `Refused`."""

    def each(part: Any) -> Any:
        return worked_out(part, attributes, functions)

    match expression:
        case Attribute():
            return attributes.get(expression.name)
        case Call():
            return _called(expression, each, functions)
        case Named():
            return functions[expression.name]
        case list():
            items = list(map(each, expression))
            return _failure(items) or Anys(items)
        case dict():
            values = list(map(each, expression.values()))
            return _failure(values) or _tried(literal_map, list(expression), values)
        case Compared():
            left, right = each(expression.left), each(expression.right)
            return _failure([left, right]) or _tried(compare, left, right, expression.op)
        case _:
            return expression


def edited(editor: Call, attributes: Map, functions: Functions) -> Any:
    """Return what an editor leaves of the attribute "a", or `Refused`; what it was where the editor fails."""
    value = attributes.get("a")
    arguments = {name: worked_out(part, attributes, functions) for name, part in editor.arguments.items()}
    left = _failure(list(arguments.values())) or _tried(functions[editor.name], value, **arguments)
    return value if isinstance(left, Failed) else left


def _called(expression: Call, each: Callable[[Any], Any], functions: Functions) -> Any:
    arguments = {}
    for name, argument in expression.arguments.items():
        if name in TAKES_FAILED.get(expression.name, ()):
            value = list(map(each, argument)) if isinstance(argument, list) else each(argument)
        else:
            value = each(argument)
            if isinstance(value, Failed | Refused):
                return value
        arguments[name] = value
    return _tried(functions[expression.name], **arguments)


def _tried(function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
    try:
        return function(*arguments, **named)
    except OttlRuntimeError as error:
        return Failed(str(error))
    except NotColumnarError as error:
        return Refused(error.what)


def _failure(items: list[Value | Failed | Refused]) -> Failed | Refused | None:
    return next((item for item in items if isinstance(item, Failed | Refused)), None)


def _quoted(text: str) -> str:
    # The collector's parser makes a rune of `\\xff`, so no text written out holds anything but UTF-8.
    pieces = []
    for character in text:
        code = ord(character)
        if character in '"\\':
            pieces.append(f"\\{character}")
        elif code < 0x20 or code == 0x7F:
            pieces.append(f"\\x{code:02x}")
        else:
            pieces.append(character)
    return f'"{"".join(pieces)}"'
