"""Format: every verb and flag with every type, and formats that are mistakes."""

import random
from typing import Any

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import ALL

from phoenix.engine.values.value import Map

A, B = Attribute("a"), Attribute("b")
VERBS = "vdsqxXbocOUeEfFgGtTpwz%"
SHAPES = ("%{}", "%#{}", "%+{}", "% {}", "%-9{}|", "%09{}", "%.3{}", "%12.5{}", "%+#012.2{}", "%.0{}", "%#.4{}")
PIECES = (*["%"] * 10, *VERBS, *"#+- 05", "12", ".3", ".", "*", "[1]", "[2]", "[3]", "[x]", "[", "]", "é", "12345678")
DATES = call("Time", time="2023-05-06T07:08:09.120", format="%Y-%m-%dT%H:%M:%S.%L", location="America/New_York")
LENGTHS = [
    call("Duration", duration=text)
    for text in ("0s", "1ns", "1500ns", "1.5ms", "61s", "1h2m3.000000004s", "-1.5h", "2562047h47m16.854775807s")
]
PLAIN = [value for value in ALL if not isinstance(value, tuple | Map)]


def test_every_verb_with_every_flag_writes_what_go_writes(harness):
    expressions = [call("Format", format=shape.format(verb), vals=[A]) for shape in SHAPES for verb in VERBS]
    # The address of bytes.
    addresses = sum(isinstance(value, bytes) for value in PLAIN) * len(SHAPES)
    rows = [Map.of([("a", value)]) for value in PLAIN]
    assert disagreements(harness, expressions, rows, refused=addresses) == []


def test_mistaken_formats_say_so_as_go_does(harness):
    chance = random.Random(6)
    formats = ["".join(chance.choices(PIECES, k=chance.randrange(1, 9))) for _ in range(1500)]
    lists: tuple[list[Any], ...] = ([A], [A, B], [A, B, A], [], [3, A], [-4, A], [A, 3])
    rows = [Map.of([("a", value), ("b", chance.choice(PLAIN))]) for value in PLAIN[::4]]
    expressions = [call("Format", format=text, vals=chance.choice(lists)) for text in formats]
    # The address of bytes, and characters newer than Python's Unicode.
    assert disagreements(harness, expressions, rows, refused=None) == []


def test_times_and_durations_are_written_as_go_writes_them(harness):
    verbs = ["%v", "%s", "%q", "%x", "%5s|%-8v|%08v", "%+v", "%.2s", "%T"]
    of_durations = [*verbs, "%d", "%08d", "%t", "%#v", "%b", "%f", "%w", "%c"]
    expressions = [call("Format", format=text, vals=[DATES, 1]) for text in verbs]
    expressions += [call("Format", format=text, vals=[length]) for text in of_durations for length in LENGTHS]
    expressions += [call(name, target=of) for name in ("String", "Int", "IsEmpty", "Len") for of in (DATES, *LENGTHS)]
    assert disagreements(harness, expressions, [Map()]) == []


def test_maps_lists_and_inner_fields_are_refused(harness):
    expressions = [call("Format", format="%v", vals=[A]), call("Format", format="%d", vals=[DATES])]
    rows = [Map.of([("a", value)]) for value in ALL if isinstance(value, tuple | Map)]
    assert disagreements(harness, expressions, rows, refused=2 * len(rows)) == []
