"""Calls of OTTL functions: written as a statement has them, and worked out with the engine's functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from phoenix.engine.columns import Failed
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.comparison.rules import compare
from phoenix.engine.functions.registry import CONVERTERS, TAKES_FAILED
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import CompareOp

# SourceIP is found as the camel case of this alone.
_WRITTEN_NAMES = {"source_ip": "source_i_p", "destination_ip": "destination_i_p"}


@dataclass(frozen=True)
class Attribute:
    """`datapoint.attributes["name"]`."""

    name: str


@dataclass(frozen=True)
class Call:
    """A converter with named arguments: values, attributes, other calls, and lists of them.

    Maps written out may hold no lists: what `engine.expressions` makes of those is not known here.
    """

    name: str
    arguments: Mapping[str, Any]


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
            named = {_WRITTEN_NAMES.get(name, name): value for name, value in expression.arguments.items()}
            arguments = (f"{name}={written(value)}" for name, value in named.items())
            return f"{expression.name}({', '.join(arguments)})"
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


def worked_out(expression: Any, attributes: Map) -> Any:
    """Return the value of an expression, `Failed`, or `Refused`."""
    match expression:
        case Attribute():
            return attributes.get(expression.name)
        case Call():
            return _called(expression, attributes)
        case list():
            items = [worked_out(item, attributes) for item in expression]
            return _failure(items) or Anys(items)
        case dict():
            return Map.of((key, worked_out(value, attributes)) for key, value in expression.items())
        case Compared():
            left, right = worked_out(expression.left, attributes), worked_out(expression.right, attributes)
            return _failure([left, right]) or _tried(compare, left, right, expression.op)
        case _:
            return expression


def _called(expression: Call, attributes: Map) -> Any:
    arguments = {}
    for name, argument in expression.arguments.items():
        if name in TAKES_FAILED.get(expression.name, ()):
            is_list = isinstance(argument, list)
            value = [worked_out(item, attributes) for item in argument] if is_list else worked_out(argument, attributes)
        else:
            value = worked_out(argument, attributes)
            if isinstance(value, Failed | Refused):
                return value
        arguments[name] = value
    return _tried(CONVERTERS[expression.name], **arguments)


def _tried(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
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
