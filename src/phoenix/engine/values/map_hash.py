"""What pkg/pdatautil hashes of a map or a value (hash.go, 0.160.0): equal bytes are one series to a collector.

Keys are sorted, so the order of a map does not count; of a key that stands twice the first value stands twice. Types
count, and doubles by their bits. The collector compares 128-bit hashes of these bytes; we compare the bytes.
"""

import struct

from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value


def hashed_map(held: Map) -> bytes:
    """Return the bytes that MapHash takes the hash of; b"" for an empty map, which has a hash of its own."""
    parts: list[bytes] = []
    for key in sorted(write_text(name) for name, _ in held):
        parts += (b"\xf4", key, hashed_value(held.get(key.decode("utf-8", "surrogateescape"))))
    return b"".join(parts)


def hashed_value(value: Value) -> bytes:
    """Return the bytes that ValueHash takes the hash of.

    Raises:
        TypeError: it is a time or a duration, which no attribute holds.
    """
    match value:
        case None:
            return b"\xf5"
        case bool():
            return b"\xf8" if value else b"\xf9"
        case str():
            return b"\xf7" + write_text(value)
        case int():
            return b"\xfa" + struct.pack("<q", value)
        case float():
            return b"\xfb" + struct.pack("<d", value)
        case bytes():
            return b"\xf6" + value
        case tuple():
            return b"\xfe" + b"".join(map(hashed_value, value)) + b"\xff"
        case Map():
            return b"\xfc" + hashed_map(value) + b"\xfd"
        case _:
            raise TypeError(f"an attribute cannot hold {value!r}")
