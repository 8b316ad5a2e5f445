"""Hex, Base64Encode, Base64Decode and Decode."""

import base64
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import bytes_like, go_type, string_of
from phoenix.engine.functions.text.charsets import decoder
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Value

_PLAIN: Final = rb"[A-Za-z0-9+/]"
_URL: Final = rb"[A-Za-z0-9_-]"


def _shape(letter: bytes, *, padded: bool) -> re.Pattern[bytes]:
    two, three = (b"==", b"=") if padded else (b"", b"")
    return re.compile(b"(?:%b{4})*(?:%b{2}%b|%b{3}%b)?" % (letter, letter, two, letter, three))


_VARIANTS: Final = {
    "base64": _shape(_PLAIN, padded=True),
    "base64-raw": _shape(_PLAIN, padded=False),
    "base64-url": _shape(_URL, padded=True),
    "base64-raw-url": _shape(_URL, padded=False),
}


def hexadecimal(target: Value) -> str:
    """Return the bytes of a value as hexadecimal digits; nil has none."""
    return (bytes_like(target) or b"").hex()


def base64_encode(target: Value, variant: Value = "base64") -> str:
    """Return a text's bytes as base64, by one of four alphabets.

    Raises:
        OttlRuntimeError: there is no such variant.
    """
    message, named = write_text(string_of(target)), string_of(variant)
    if named not in _VARIANTS:
        raise OttlRuntimeError(f"unsupported base64 variant: {named}")
    made = base64.urlsafe_b64encode(message) if named.endswith("url") else base64.b64encode(message)
    return (made.rstrip(b"=") if "raw" in named else made).decode()


def base64_decode(target: Value) -> str:
    """Return what base64 says, as text.

    Raises:
        OttlRuntimeError: it is no base64 with padding.
    """
    return read_text(_from_base64("base64", write_text(string_of(target))))


def decode(target: Value, encoding: Value) -> str:
    """Return text or bytes read in an encoding, base64 among them.

    Raises:
        OttlRuntimeError: the encoding is unknown, the target neither text nor bytes, or base64 is none.
        NotColumnarError: the encoding is one of those with several bytes a character.
    """
    read = _reader(string_of(encoding))
    if not isinstance(target, (str, bytes)):
        raise OttlRuntimeError(f"unsupported type provided to Decode function: {go_type(target)}")
    return read_text(read(bytes_like(target) or b""))


def _reader(name: str) -> Callable[[bytes], bytes]:
    return partial(_from_base64, name) if name in _VARIANTS else decoder(name)


def _from_base64(variant: str, written: bytes) -> bytes:
    # Go passes over line ends, and does not mind bits behind the last byte.
    written = written.translate(None, b"\r\n")
    if not _VARIANTS[variant].fullmatch(written):
        raise OttlRuntimeError("could not decode: illegal base64 data")
    return base64.b64decode(written + b"=" * (-len(written) % 4), altchars=b"-_" if "url" in variant else None)


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "Hex": hexadecimal,
    "Base64Encode": base64_encode,
    "Base64Decode": base64_decode,
    "Decode": decode,
}
