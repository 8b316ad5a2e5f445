"""Other ways to write a message, in protobuf and in JSON.

In protobuf: fields in any order, twice, unknown, with lengths longer than needed. In JSON: keys in any order and
spelling, white space, escapes.
"""

import json
import re
from random import Random

from google.protobuf.descriptor import Descriptor

from phoenix.telemetry.values.message import LENGTH, length_field, read_fields, varint, varint_field

_UNKNOWN_NUMBERS = (20, 200, 4000)


def rewritten(message: bytes, descriptor: Descriptor, random: Random) -> bytes:
    """Return a legal message that protobuf did not write: what it means is for protobuf to say.

    A field may stand twice, members of a oneof side by side, and a message in pieces; so the meaning may change.
    """
    by_number = {field.number: field for field in descriptor.fields}
    fields: list[bytes] = []
    for part in read_fields(message):
        field = by_number.get(part.number)
        if part.wire != LENGTH or field is None or field.message_type is None:
            fields.append(part.written)
            continue
        payload = rewritten(part.payload, field.message_type, random)
        fields.append(varint(part.number << 3 | LENGTH) + _long_varint(len(payload), random) + payload)
    if fields and random.random() < 0.2:
        fields.append(random.choice(fields))
    if random.random() < 0.1:
        fields.append(_unknown(random))
    if random.random() < 0.5:
        random.shuffle(fields)
    return b"".join(fields)


def _long_varint(value: int, random: Random) -> bytes:
    short = varint(value)
    if len(short) > 3 or random.random() < 0.7:
        return short
    return short[:-1] + bytes([short[-1] | 0x80, 0x80, 0x00])


def _unknown(random: Random) -> bytes:
    number = random.choice(_UNKNOWN_NUMBERS)
    if random.random() < 0.5:
        return varint_field(number, random.getrandbits(64))
    return length_field(number, random.randbytes(random.randrange(4)))


def mutated(message: bytes, random: Random) -> bytes:
    """Return the bytes with a few of them changed, taken out or put in, mostly malformed."""
    changed = bytearray(message)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(changed) + 1)
        match random.randrange(4):
            case 0 if changed:
                changed[min(at, len(changed) - 1)] = random.getrandbits(8)
            case 1:
                del changed[at : at + random.randrange(1, 4)]
            case 2:
                changed[at:at] = random.randbytes(random.randrange(1, 4))
            case _:
                del changed[at:]
    return bytes(changed)


def respelled(said: object, random: Random, names: frozenset[str] = frozenset()) -> bytes:
    """Return one line of JSON that says the same to a reader of OTLP.

    Args:
        said: parsed JSON.
        random: makes the choices.
        names: keys that may also be written with underscores.
    """
    return _written(said, random, names).encode() + random.choice([b"\n", b"\r\n", b" \n", b""])


def _written(said: object, random: Random, names: frozenset[str]) -> str:
    if isinstance(said, dict):
        members = list(said.items())
        if random.random() < 0.5:
            random.shuffle(members)
        texts = [
            f"{_gap(random)}{json.dumps(_spelling(key, random, names))}{_gap(random)}:"
            f"{_gap(random)}{_written(value, random, names)}{_gap(random)}"
            for key, value in members
        ]
        return "{" + ",".join(texts or [_gap(random)]) + "}"
    if isinstance(said, list):
        items = [_gap(random) + _written(item, random, names) + _gap(random) for item in said]
        return "[" + ",".join(items or [_gap(random)]) + "]"
    if isinstance(said, str):
        return '"' + "".join(_character(character, random) for character in said) + '"'
    return json.dumps(said)


def _spelling(key: str, random: Random, names: frozenset[str]) -> str:
    if key in names and random.random() < 0.1:
        return re.sub("([A-Z])", lambda capital: "_" + capital[1].lower(), key)
    return key


def _gap(random: Random) -> str:
    return random.choice(["", "", "", "", " ", "\t ", "  \r"])


def _character(character: str, random: Random) -> str:
    escaped = json.dumps(character)[1:-1]
    plain = character >= " " and character not in '"\\'
    if plain and random.random() < 0.8:
        return character
    if character == "/":
        return "\\/"
    if random.random() < 0.3:
        units = character.encode("utf-16-be")
        form = "\\u%04X" if random.random() < 0.5 else "\\u%04x"
        return "".join(form % int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return escaped
