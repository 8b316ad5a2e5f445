"""Input made by someone who knows one key meets chance under another: interning can't be turned quadratic."""

from collections import Counter

import numpy as np
import pytest

from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.codec.intern import digest_of, new_interner, new_key, process_key
from phoenix.telemetry.codec.jit import kernel
from phoenix.telemetry.values.message import length_field

PRIME = 2**31 - 1
COUNT = 2000


@kernel
def digest(data, start, size, key):
    return digest_of(data, start, size, key)


def digests(strings, key):
    data = np.frombuffer(b"".join(strings), dtype=np.uint8)
    size = len(strings[0])
    return [int(digest(data, start, size, key)) for start in range(0, len(data), size)]


def strings_with_one_digest(key, size=12):
    """Twelve bytes are the last four coefficients: three are drawn, the fourth is solved for."""
    words = np.random.default_rng(7).integers(0, 2**24, size=(COUNT * 150, 3), dtype=np.int64)
    rest = size * int(key[3]) + words[:, 0] * int(key[2]) % PRIME
    rest += words[:, 1] * int(key[1]) % PRIME + words[:, 2] * int(key[0]) % PRIME
    last = (1_000_000 - rest) % PRIME
    rows = np.concatenate([words, last[:, None]], axis=1)[last < 2**24]
    return [b"".join(int(word).to_bytes(3, "little") for word in row) for row in rows[:COUNT]]


def test_strings_chosen_for_one_key_are_scattered_by_another():
    known = new_key(1_234_567_890, 987_654_321)
    strings = strings_with_one_digest(known)
    assert len(set(strings)) == COUNT
    assert len(set(digests(strings, known))) == 1
    mask = len(new_interner(COUNT, 1).slots) - 1
    slots = Counter(each & mask for each in digests(strings, new_key(1_234_567_891, 987_654_321)))
    assert max(slots.values()) < 10


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 11, 12, 13, 25, 40])
def test_the_digest_has_31_bits_and_differs_when_a_byte_does(size):
    key = new_key(2**31 - 123_457, 2**30 - 1)
    string = b"\xff" * size
    found = {digest(np.frombuffer(string, dtype=np.uint8), 0, size, key)}
    for place in range(size):
        other = string[:place] + b"\x00" + string[place + 1 :]
        found.add(digest(np.frombuffer(other, dtype=np.uint8), 0, size, key))
    assert len(found) == size + 1
    assert all(0 <= each <= PRIME for each in found)


def test_every_process_draws_its_own_key_and_keeps_it():
    assert process_key() is process_key()
    assert 0 < process_key()[0] < PRIME


def test_what_is_interned_does_not_depend_on_the_key():
    request = length_field(1, length_field(3, b"a")) + length_field(1, length_field(3, b"b")) * 2
    assert decode([request]).resources.value.tolist() == [0, 1, 1]
    assert encode(decode([request])) == [request]
