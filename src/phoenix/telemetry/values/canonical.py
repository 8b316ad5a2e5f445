"""One byte string for each identity: equal exactly when OpenTelemetry calls two values the same.

Every part is written with its length or a fixed size, so no two identities share a writing; maps are sorted.
"""

from collections.abc import Iterable
from functools import lru_cache

from phoenix.telemetry.values.message import FIXED64, LENGTH, VARINT, read_fields, varint
from phoenix.telemetry.values.views import read_metric

# Fields of AnyValue.
_BOOL, _ARRAY, _MAP = 2, 5, 6
_WIRES = {1: LENGTH, 2: VARINT, 3: VARINT, 4: FIXED64, 5: LENGTH, 6: LENGTH, 7: LENGTH, 8: VARINT}


# What several captures of one what-if share, most of them, is looked at once.
@lru_cache(maxsize=4096)
def canonical_resource(value: bytes) -> bytes:
    """Return the identity of a resource value: its attributes."""
    return canonical_attributes(_merged(value, 1))


def canonical_scope(value: bytes) -> bytes:
    """Return the identity of a scope value: name, version and attributes."""
    scope = _merged(value, 1)
    texts = {1: b"", 2: b""}
    attributes: list[bytes] = []
    for part in read_fields(scope):
        if part.wire == LENGTH and part.number == 3:
            attributes.append(part.payload)
        elif part.wire == LENGTH and part.number in texts:
            texts[part.number] = part.payload
    return _sized(texts[1]) + _sized(texts[2]) + _canonical_map(attributes)


def canonical_metric(value: bytes) -> bytes:
    """Return the identity of a metric value: name, unit, type, temporality and monotonic."""
    metric = read_metric(value)
    texts = {1: b"", 3: b""}
    for part in read_fields(value):
        if part.wire == LENGTH and part.number in texts:
            texts[part.number] = part.payload
    kind = f"{metric.type.value} {int(metric.temporality)} {int(metric.monotonic)}"
    return _sized(texts[1]) + _sized(texts[3]) + kind.encode()


def canonical_attributes(value: bytes) -> bytes:
    """Return the identity of a KeyValueList, or of a Resource, whose attributes are written the same."""
    return _canonical_map(part.payload for part in read_fields(value) if part.number == 1 and part.wire == LENGTH)


def _canonical_map(pairs: Iterable[bytes]) -> bytes:
    written = sorted(map(_canonical_pair, pairs))
    return b"m" + varint(len(written)) + b"".join(written)


def _canonical_pair(pair: bytes) -> bytes:
    key = value = b""
    for part in read_fields(pair):
        if part.wire == LENGTH and part.number == 1:
            key = part.payload
        elif part.wire == LENGTH and part.number == 2:
            # A message that stands twice is merged, and merging is concatenation.
            value += part.payload
    return _sized(key) + _canonical_any(value)


def _canonical_any(value: bytes) -> bytes:
    number, held = 0, b""
    for part in read_fields(value):
        if _WIRES.get(part.number) != part.wire:
            continue
        if part.wire == VARINT:
            # A boolean written as 2 is true.
            held = varint(bool(part.varint)) if part.number == _BOOL else varint(part.varint)
        else:
            merged = part.number in (_ARRAY, _MAP) and part.number == number
            held = (held if merged else b"") + part.payload
        number = part.number
    if number == _MAP:
        return varint(number) + canonical_attributes(held)
    if number == _ARRAY:
        items = [part.payload for part in read_fields(held) if part.number == 1 and part.wire == LENGTH]
        return varint(number) + varint(len(items)) + b"".join(map(_canonical_any, items))
    return varint(number) + _sized(held)


def _merged(value: bytes, number: int) -> bytes:
    return b"".join(part.payload for part in read_fields(value) if part.number == number and part.wire == LENGTH)


def _sized(payload: bytes) -> bytes:
    return varint(len(payload)) + payload
