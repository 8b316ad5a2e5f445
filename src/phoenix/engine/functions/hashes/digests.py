"""FNV, MD5, SHA1, SHA256, SHA512, Murmur3Hash, Murmur3Hash128, XXH3 and XXH128, of a text's bytes."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import mmh3
import xxhash

from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.numbers import wrap_int64
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Value

_FNV_OFFSET: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3
_64_BITS: Final = 0xFFFFFFFFFFFFFFFF


def fnv(target: Value) -> int:
    """Return FNV-1a of 64 bits, as an int64."""
    state = _FNV_OFFSET
    for byte in write_text(string_of(target)):
        state = (state ^ byte) * _FNV_PRIME & _64_BITS
    return wrap_int64(state)


def _hexadecimal(digest: Callable[[bytes], str]) -> Callable[[Value], str]:
    def convert(target: Value) -> str:
        return digest(write_text(string_of(target)))

    return convert


def _named(name: str) -> Callable[[Value], str]:
    return _hexadecimal(lambda message: hashlib.new(name, message, usedforsecurity=False).hexdigest())


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "FNV": fnv,
    "MD5": _named("md5"),
    "SHA1": _named("sha1"),
    "SHA256": _named("sha256"),
    "SHA512": _named("sha512"),
    # Little-endian, as the function writes them.
    "Murmur3Hash": _hexadecimal(lambda message: mmh3.hash(message, signed=False).to_bytes(4, "little").hex()),
    "Murmur3Hash128": _hexadecimal(lambda message: mmh3.hash_bytes(message).hex()),
    "XXH3": _hexadecimal(xxhash.xxh3_64_hexdigest),
    "XXH128": _hexadecimal(xxhash.xxh3_128_hexdigest),
}
