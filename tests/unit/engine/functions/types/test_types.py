"""Conversions, questions, numbers, digests, ids and addresses, a case for every rule."""

import math

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.registry import CONVERTERS
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.lists import Strings
from phoenix.engine.values.value import Duration, Map, Time

DIGESTS = {
    "FNV": -1792535898324117685,
    "MD5": "900150983cd24fb0d6963f7d28e17f72",
    "SHA1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "SHA256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "Murmur3Hash": "fa93ddb3",
    "Murmur3Hash128": "6778ad3f3f3f96b4522dca264174a23b",
    "XXH3": "78af5f94892f3950",
    "XXH128": "06b05ab6733a618578af5f94892f3950",
}
CASES = [
    *((name, {"target": "abc"}, digest) for name, digest in DIGESTS.items()),
    ("String", {"target": b"\xff"}, "ff"),
    ("String", {"target": None}, None),
    ("Int", {"target": math.nan}, -(2**63)),
    ("Double", {"target": "1e3"}, 1000.0),
    ("Bool", {"target": math.nan}, True),
    ("ParseInt", {"target": "ff", "base": 16}, 255),
    ("IsEmpty", {"target": -0.0}, True),
    ("IsEmpty", {"target": math.nan}, False),
    ("IsEmpty", {"target": Time(-62_135_596_800 * 10**9)}, True),
    ("IsEmpty", {"target": Time(0)}, False),
    ("IsEmpty", {"target": Duration(0)}, True),
    ("IsEmpty", {"target": Id(IdKind.SPAN, bytes(8))}, True),
    ("IsEmpty", {"target": Strings()}, True),
    ("IsList", {"target": b""}, False),
    ("IsList", {"target": Strings()}, True),
    ("IsInt", {"target": True}, False),
    ("IsBool", {"target": True}, True),
    ("IsString", {"target": None}, False),
    ("IsDouble", {"target": 1}, False),
    ("IsMap", {"target": Map()}, True),
    ("Log", {"target": "1"}, 0.0),
    ("IsValidLuhn", {"target": "4539 1488 0343 6467"}, True),
    ("IsValidLuhn", {"target": 12}, False),
    ("IsValidLuhn", {"target": " "}, False),
    ("TraceID", {"target": "00ff" * 8}, Id(IdKind.TRACE, b"\x00\xff" * 8)),
    ("SpanID", {"target": -1}, Id(IdKind.SPAN, b"\xff" * 8)),
    ("IsInCIDR", {"target": "::ffff:10.1.2.3", "networks": ["::ffff:10.0.0.0/104"]}, True),
    ("IsInCIDR", {"target": "10.1.2.3", "networks": ["::ffff:0:0/95", "10.0.0.0/08"]}, True),
    ("IsInCIDR", {"target": "10.1.2.3", "networks": ["::/0"]}, False),
    ("IsInCIDR", {"target": "fe80::1%lo", "networks": ["x"]}, False),
    ("CommunityID", {"source_ip": "10.0.0.1", "source_port": 1, "destination_ip": "::1", "destination_port": 2}, None),
]
FAILURES = [
    ("ParseInt", {"target": "", "base": 10}, "target cannot be empty"),
    ("ParseInt", {"target": "1", "base": -1}, "base cannot be negative"),
    ("Log", {"target": None}, "invalid input: <nil>"),
    ("Log", {"target": 0}, "expected number greater than zero but got 0"),
    ("IsValidLuhn", {"target": None}, "invalid input: <nil>"),
    ("IsValidLuhn", {"target": "1a"}, "invalid syntax"),
    ("TraceID", {"target": None}, "expected 16 or 32 bytes, got 0"),
    ("SpanID", {"target": "g" * 16}, "invalid hex"),
    ("IsInCIDR", {"target": "::1", "networks": ["::/129"]}, "invalid CIDR address"),
]
FLOW = {"source_ip": "10.0.0.1", "source_port": 1, "destination_ip": "10.0.0.1", "destination_port": 2}
NO_FLOWS = [
    ({"source_port": -1}, "source port must be between"),
    ({"destination_ip": "x"}, "invalid destination IP: x"),
    ({"protocol": "tcp"}, "unsupported protocol: tcp"),
    ({"seed": 65536}, "seed must be between"),
]


@pytest.mark.parametrize(("name", "given", "expected"), CASES)
def test_a_function_answers_as_the_collector_does(name, given, expected):
    answer = CONVERTERS[name](**given)
    assert repr(answer) == repr(expected) or expected is None


@pytest.mark.parametrize(("name", "given", "reason"), FAILURES)
def test_a_function_fails_where_the_collectors_does(name, given, reason):
    with pytest.raises(OttlRuntimeError, match=reason):
        CONVERTERS[name](**given)


def test_a_flow_has_one_identity_in_both_directions():
    back = {**FLOW, "source_port": FLOW["destination_port"], "destination_port": FLOW["source_port"]}
    assert CONVERTERS["CommunityID"](**FLOW) == CONVERTERS["CommunityID"](**back)
    assert CONVERTERS["CommunityID"](**FLOW, seed=1) != CONVERTERS["CommunityID"](**FLOW, protocol="UDP")


@pytest.mark.parametrize(("change", "reason"), NO_FLOWS)
def test_what_is_no_flow_has_no_identity(change, reason):
    with pytest.raises(OttlRuntimeError, match=reason):
        CONVERTERS["CommunityID"](**{**FLOW, **change})


@pytest.mark.parametrize("name", ["UUID", "UUIDv7"])
def test_random_functions_are_refused_by_name(name):
    with pytest.raises(NotColumnarError, match=f"function {name}, which is random"):
        CONVERTERS[name]()
