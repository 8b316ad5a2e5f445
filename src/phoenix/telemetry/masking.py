"""Masking the arguments of command lines, which may hold secrets; `capture record` does it unless asked otherwise.

What stays: the executable, and the names of flags. Once per distinct resource; every other byte of it stays.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.values.message import LENGTH, length_field, read_fields

MASK = "***"

_COMMAND_LINE, _COMMAND_ARGS = b"process.command_line", b"process.command_args"
_LONG_FLAG = re.compile(r"--[A-Za-z0-9][A-Za-z0-9_.-]*")
_NAMED_FLAG = re.compile(r"-[A-Za-z][A-Za-z0-9_.-]*(?==)")
_SHORT_FLAG = re.compile(r"-[A-Za-z0-9]")
_SPACES = re.compile(r"(\s+)")

# Fields of AnyValue.
_STRING, _ARRAY = 1, 5


def mask_command_lines(capture: Capture) -> Capture:
    """Return `capture` with the arguments of `process.command_line` and `process.command_args` masked.

    Its origin says so. Resources that become equal share one value and stay separate nodes.
    """
    numbers: dict[bytes, int] = {}
    values = values_list(capture.resources.values)
    remap = np.array([numbers.setdefault(_mask_resource(value), len(numbers)) for value in values], dtype=np.int32)
    value = remap[capture.resources.value] if len(values) else capture.resources.value
    value.flags.writeable = False
    resources = replace(capture.resources, value=value, values=pa.array(list(numbers), type=pa.binary()))
    return replace(capture, resources=resources, origin=replace(capture.origin, masked=True))


def mask_command_line(text: str) -> str:
    """Return a command line with its arguments masked.

    The first word stays; of the others, only what is surely the name of a flag. Quotes are gone by the time a scraper
    joins the arguments, so what stood inside them is masked word by word.

    >>> mask_command_line("/usr/bin/mysql --user=root -psecret --host db1 -Dkey=1 PGPASSWORD=x")
    '/usr/bin/mysql --user=*** -p*** --host *** -Dkey=*** ***'
    """
    executable, *rest = _SPACES.split(text.strip())
    # Words stand at odd places of the rest, the white space between them at even ones.
    return executable + "".join(mask_argument(part) if i % 2 else part for i, part in enumerate(rest))


def mask_argument(argument: str) -> str:
    """Return one argument masked: the name of a flag stays, with `***` in place of a value that is attached to it."""
    if argument in ("-", "--"):
        return argument
    if long := _LONG_FLAG.match(argument):
        if long.end() == len(argument):
            return argument
        return f"{long[0]}={MASK}" if argument[long.end()] == "=" else MASK
    if named := _NAMED_FLAG.match(argument):
        return f"{named[0]}={MASK}"
    if short := _SHORT_FLAG.match(argument):
        # A value may be attached, as in -psecret; what is a name and what is not cannot be told.
        return short[0] if short.end() == len(argument) else f"{short[0]}{MASK}"
    return MASK


def _mask_resource(value: bytes) -> bytes:
    return _edited(value, 1, lambda resource: _edited(resource, 1, _mask_pair))


def _mask_pair(pair: bytes) -> bytes:
    keys = [part.payload for part in read_fields(pair) if part.number == 1 and part.wire == LENGTH]
    if not keys or keys[-1] not in (_COMMAND_LINE, _COMMAND_ARGS):
        return pair
    return _edited(pair, 2, _mask_value)


def _mask_value(value: bytes) -> bytes:
    # A command line is text, arguments are an array of texts; anything else under these keys is masked whole.
    masked = b""
    for part in read_fields(value):
        if part.number == _STRING and part.wire == LENGTH:
            masked += length_field(_STRING, _mask_bytes(part.payload, mask_command_line))
        elif part.number == _ARRAY and part.wire == LENGTH:
            masked += length_field(_ARRAY, _mask_array(part.payload))
        else:
            masked += length_field(_STRING, MASK.encode())
    return masked


def _mask_array(array: bytes) -> bytes:
    masked = b""
    for position, item in enumerate(part.payload for part in read_fields(array) if part.number == 1):
        texts = [part.payload for part in read_fields(item) if part.number == _STRING and part.wire == LENGTH]
        text = (texts[-1] if position == 0 else _mask_bytes(texts[-1], mask_argument)) if texts else MASK.encode()
        masked += length_field(1, length_field(_STRING, text))
    return masked


def _mask_bytes(text: bytes, mask: Callable[[str], str]) -> bytes:
    # Text that is no UTF-8 comes back as the bytes it was.
    return mask(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _edited(message: bytes, number: int, edit: Callable[[bytes], bytes]) -> bytes:
    # The message with every field of this number that holds bytes edited.
    return b"".join(
        length_field(number, edit(part.payload)) if part.number == number and part.wire == LENGTH else part.written
        for part in read_fields(message)
    )
