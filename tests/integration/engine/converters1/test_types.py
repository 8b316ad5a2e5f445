"""Conversions, type tests, numbers, digests and ids: every function on every awkward value."""

import random
import struct

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import rows_of

A = Attribute("a")
CONVERSIONS = [call(name, target=A) for name in ("String", "Int", "Double", "Bool", "Hex", "Log", "IsValidLuhn")]
PARSED = [call("ParseInt", target=A, base=base) for base in (0, 2, 8, 10, 16, 36, 1, 37, -1)]
QUESTIONS = [
    call(name, target=A) for name in ("IsString", "IsInt", "IsDouble", "IsBool", "IsMap", "IsList", "IsEmpty", "Len")
]
DIGESTS = [
    call(name, target=A)
    for name in ("FNV", "MD5", "SHA1", "SHA256", "SHA512", "Murmur3Hash", "Murmur3Hash128", "XXH3", "XXH128")
]
IDS = [call(name, target=A) for name in ("TraceID", "SpanID", "ProfileID")]
OF_IDS = [call(name, target=of) for of in IDS for name in ("String", "IsEmpty", "IsList", "Hex", "Len", "Int")]
WRITTEN_OUT = [
    call("String", target=[A, [A], {"x": 1}]),
    call("String", target=[call("TraceID", target=bytes(range(16)))]),
    call("String", target={"b": 1, "a": True, "é<": None}),
    call("String", target=call("Split", target="a,<b", delimiter=",")),
    call("IsList", target=[A]),
    call("IsList", target=call("Split", target=A, delimiter="l")),
    call("IsEmpty", target=[]),
    call("IsEmpty", target={}),
    call("Len", target=[A, A]),
    call("Len", target={"x": 1}),
    call("ParseInt", target="11", base=A),
]
PIECES = ("0", "1", "9", "_", "x", "0x", "b", "o", "e", "E", "p", "-", "+", ".", "a", "f", "inf", "nan", "7", " ")


def test_conversions_answer_as_the_collector_does(harness):
    assert disagreements(harness, [*CONVERSIONS, *PARSED, *QUESTIONS], rows_of()) == []


def test_digests_and_ids_answer_as_the_collector_does(harness):
    assert disagreements(harness, [*DIGESTS, *OF_IDS], rows_of()) == []


def test_digests_of_texts_of_every_length_answer_as_the_collector_does(harness):
    # The short ways of the hashes end at 3, 8, 16, 128 and 240 bytes.
    rows = rows_of(tuple("ä€x😀"[: length % 5] + "a" * length for length in range(300)))
    assert disagreements(harness, DIGESTS, rows) == []


def test_lists_and_maps_written_out_answer_as_the_collector_does(harness):
    assert disagreements(harness, WRITTEN_OUT, rows_of()) == []


def test_doubles_are_written_and_computed_as_the_collector_does(harness):
    chance = random.Random(6)
    doubles = [struct.unpack("<d", chance.randbytes(8))[0] for _ in range(1500)]
    doubles += [chance.randrange(10 ** chance.randrange(1, 25)) / 100 for _ in range(1500)]
    assert disagreements(harness, [*CONVERSIONS[:6], call("IsEmpty", target=A)], rows_of(tuple(doubles))) == []


def test_texts_that_look_like_numbers_are_read_as_the_collector_does(harness):
    chance = random.Random(6)
    texts = tuple("".join(chance.choices(PIECES, k=chance.randrange(1, 9))) for _ in range(3000))
    expressions = [*CONVERSIONS[1:4], *PARSED[:5], call("Base64Decode", target=A)]
    assert disagreements(harness, expressions, rows_of(texts)) == []
