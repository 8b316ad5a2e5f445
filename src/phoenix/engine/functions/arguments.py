"""What a function asks of an argument: the typed getters of pkg/ottl/expression.go (0.160), as functions on a value.

`x_of` wants that type; `x_like` turns what it can into it and gives None for nil. Both raise `OttlRuntimeError` with
the collector's kind of message.
"""

import struct

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.json import write_json
from phoenix.engine.functions.golang.numbers import float_to_int, parse_bool, parse_float, parse_int
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Anys, Strings
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value


class OttlTypeError(OttlRuntimeError):
    """The argument is of another type (ottl.TypeError); IsString and its kind answer false for it."""


def go_type(value: Value) -> str:
    """Return the name of a value's Go type, as `%T` writes it."""
    match value:
        case None:
            return "nil"
        case bool():
            return "bool"
        case int():
            return "int64"
        case float():
            return "float64"
        case str():
            return "string"
        case bytes():
            return "[]uint8"
        case Strings():
            return "[]string"
        case Anys():
            return "[]interface {}"
        case tuple():
            return "pcommon.Slice"
        case Map():
            return "pcommon.Map"
        case Time():
            return "time.Time"
        case Duration():
            return "time.Duration"
        case Id() | Pdata():
            return str(value.kind)


def string_of(value: Value) -> str:
    """Return a string (StringGetter)."""
    if isinstance(value, str):
        return value
    raise _expected("string", value)


def int_of(value: Value) -> int:
    """Return an int64 (IntGetter)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _expected("int64", value)


def bool_of(value: Value) -> bool:
    """Return a boolean (BoolGetter)."""
    if isinstance(value, bool):
        return value
    raise _expected("bool", value)


def map_of(value: Value) -> Map:
    """Return a map (PMapGetter)."""
    if isinstance(value, Map):
        return value
    raise _expected("pcommon.Map", value)


def slice_of(value: Value) -> tuple[Value, ...]:
    """Return the items of a list (PSliceGetter).

    Raises:
        OttlRuntimeError: it is none, or one written out with an item that no attribute can hold.
    """
    if not isinstance(value, tuple):
        raise _expected("pcommon.Slice", value)
    if isinstance(value, Anys):
        return tuple(map(raw, value))
    return tuple(value)


def time_of(value: Value) -> Time:
    """Return a time (TimeGetter)."""
    if isinstance(value, Time):
        return value
    raise _expected("time", value)


def duration_of(value: Value) -> Duration:
    """Return a duration (DurationGetter)."""
    if isinstance(value, Duration):
        return value
    raise _expected("duration", value)


def string_like(value: Value) -> str | None:
    """Return anything as text (StringLikeGetter): bytes as hexadecimal digits, all else as JSON."""
    match value:
        case None | str():
            return value
        case bytes():
            return value.hex()
        case _:
            return write_json(value)


def int_like(value: Value) -> int | None:
    """Return a number, a boolean or a text as an int64 (IntLikeGetter); doubles lose their fraction."""
    match value:
        case None:
            return None
        case str():
            return parse_int(value)
        case bool() | int():
            return int(value)
        case float():
            return float_to_int(value)
        case _:
            raise _unsupported(value)


def float_like(value: Value) -> float | None:
    """Return a number, a boolean or a text as a double (FloatLikeGetter)."""
    match value:
        case None:
            return None
        case str():
            return parse_float(value)
        case bool() | int() | float():
            return float(value)
        case _:
            raise _unsupported(value)


def bool_like(value: Value) -> bool | None:
    """Return a boolean, a number (true unless 0) or a text as a boolean (BoolLikeGetter)."""
    match value:
        case None:
            return None
        case str():
            return parse_bool(value)
        case bool() | int() | float():
            return value != 0
        case _:
            raise _unsupported(value)


def bytes_like(value: Value) -> bytes | None:
    """Return bytes, a text or a number as bytes (ByteSliceLikeGetter); numbers are big-endian, a boolean one byte."""
    match value:
        case None | bytes():
            return value
        case str():
            return write_text(value)
        case bool():
            return bytes([value])
        case int():
            return struct.pack(">q", value)
        case float():
            return struct.pack(">d", value)
        case _:
            raise _unsupported(value)


def raw(value: Value) -> Value:
    """Return a value as an attribute holds it (pcommon.Value.FromRaw), which knows no type of pdata.

    Raises:
        OttlRuntimeError: it is of such a type, or a time, a []string or an id.
    """
    if isinstance(value, Anys):
        return tuple(map(raw, value))
    if isinstance(value, (tuple, Map, Time, Duration, Id, Pdata)):
        raise OttlRuntimeError(f"<Invalid value type {go_type(value)}>")
    return value


def _expected(wanted: str, value: Value) -> OttlTypeError:
    return OttlTypeError(f"expected {wanted} but got {go_type(value)}")


def _unsupported(value: Value) -> OttlTypeError:
    return OttlTypeError(f"unsupported type: {go_type(value)}")
