"""Concat, Split, Substring, Trim..., Has..., letter case, encodings: every function on every awkward value."""

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import TEXTS, rows_of

from phoenix.engine.functions.text.charsets import _CODECS, _NOT_DONE
from phoenix.engine.values.value import Map

A, B = Attribute("a"), Attribute("b")
CUTS = (None, "", "a", "\udcc3", "\udcff", "\ufffd", "ö", "b\udcc3", " ", ", ", "abc", 1, b"\x01", ())
VARIANTS = ("base64", "base64-raw", "base64-url", "base64-raw-url")

ON_ONE_VALUE = [
    call("Concat", vals=[A, A, "x", None], delimiter="-"),
    call("Concat", vals=[], delimiter="-"),
    call("Concat", vals=[A], delimiter=A),
    call("Split", target=A, delimiter=""),
    call("Trim", target=A),
    *(call("Trim", target=A, replacement=cutset) for cutset in ("", "a ", " \t", "é日", "\ufffd")),
    *(
        call("Substring", target=A, start=start, length=length, utf8_safe=safe)
        for start in (-1, 0, 1, 2, 3)
        for length in (0, 1, 2, 3, 2**63 - 1)
        for safe in (True, False)
    ),
    call("Substring", target=A, start=0, length=1),
    call("Substring", target="abc", start=A, length=1),
    call("Substring", target="abc", start=0, length=A),
    *(call(name, target=A) for name in ("ToLowerCase", "ToUpperCase", "ToCamelCase", "ToSnakeCase")),
    *(call("ConvertCase", target=A, to_case=case) for case in ("lower", "upper", "camel", "snake")),
    *(call(name, target=A) for name in ("Hex", "Base64Encode", "Base64Decode")),
    *(call("Base64Encode", target=A, variant=variant) for variant in (*VARIANTS, "base32")),
    *(call("Decode", target=A, encoding=variant) for variant in VARIANTS),
    *(call("Decode", target=A, encoding=name) for name in ("", "utf-8", "UTF-16", "utf8-raw", "nop", "latin1")),
]
ON_TWO_VALUES = [
    call("Split", target=A, delimiter=B),
    call("Trim", target=A),
    call("TrimPrefix", target=A, prefix=B),
    call("TrimSuffix", target=A, suffix=B),
    call("HasPrefix", target=A, prefix=B),
    call("HasSuffix", target=A, suffix=B),
    call("Concat", vals=[A, B, A], delimiter=B),
    call("Concat", vals=[A, B], delimiter=""),
]


def test_functions_of_text_answer_as_the_collector_does(harness):
    assert disagreements(harness, ON_ONE_VALUE, rows_of()) == []


def test_bytes_that_are_no_utf8_are_cut_and_joined_as_the_collector_does(harness):
    rows = [Map.of([("a", text), ("b", cut)]) for text in (*TEXTS[:30], 1, None) for cut in CUTS]
    assert disagreements(harness, ON_TWO_VALUES, rows) == []


def test_every_character_has_the_case_that_go_knows(harness):
    # A text for each 2,048 characters of Unicode.
    starts = (start for start in range(0, 0x110000, 0x800) if start != 0xD800)
    rows = rows_of(tuple("".join(map(chr, range(start, start + 0x800))) for start in starts))
    lower, upper = (call(name, target=A) for name in ("ToLowerCase", "ToUpperCase"))
    assert disagreements(harness, [lower, upper], rows) == []


def test_names_of_encodings_are_those_that_the_collector_knows(harness):
    unknown = ("bogus", "utf-7", "UTF-32", "ISO-2022-KR", "cp932", " ", "UTF16", "us-ascii ", " UTF-8")
    names = (*(f" {name.upper()}\t" for name in (*_CODECS, *_NOT_DONE)), *unknown)
    decoded = [
        call("Decode", target=b"\xff\xfea\x00\xe9\xd8\x80", encoding=A),
        call("Decode", target=b"\x00a\xd8\x00\xdc\x00\xdc\x01\xd8\x01", encoding=A),
    ]
    assert disagreements(harness, decoded, rows_of(names), refused=len(_NOT_DONE) * len(decoded)) == []


def test_every_byte_of_every_charset_is_the_character_that_go_knows(harness):
    names = sorted({codec: name for name, codec in _CODECS.items()}.values())
    decoded = [call("Decode", target=A, encoding=name) for name in names]
    rows = rows_of(
        (bytes(range(256)), b"\xd8\x00\xd8\x00\xdc\x00\xdc\x00\xdc", b"\x00\xdc\x00\xdc\x00", b"\xfe\xff\x00")
    )
    assert disagreements(harness, decoded, rows) == []
