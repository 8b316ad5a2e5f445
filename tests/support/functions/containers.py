"""Maps and lists that functions of maps and lists stumble over, to be called with like `values`."""

from math import inf, nan

from phoenix.engine.values.value import Map

DEEP = (1, "foo", Map.of([("x", "foo"), ("x", 2)]), (1, (2, Map.of([("q", 3)]))))
ODD_MAP = Map.of(
    [
        *(("a", "foo"), ("b", "foobar"), ("b", "again"), ("c", 1)),
        *(("é", "ünï"), ("\udcff", "\udcfe\udcc3"), ("", ""), ("n", None), ("t", True), ("by", b"\x00\xff")),
        ("l", DEEP),
        ("m", Map.of([("x", "foo"), ("y", Map.of([("z", (Map.of([("w", 1)]),))]))])),
    ]
)
CONFLICTS = Map.of(
    [
        *(("a.b", "one"), ("a", Map.of([("b", "two"), ("c", ("x", "y"))]))),
        *(("a.b.0", "three"), ("a", (("p", "q"), Map.of([("b", 1)]), 7))),
    ]
)
NUMBERS = Map.of(
    [
        *(("x", nan), ("y", inf), ("z", -inf), ("w", (nan,))),
        ("v", Map.of([('a<>&\u2028\n\x01\x7f"\\', 1e21), ("b", 1e-7), ("by", b""), ("by2", b"ab")])),
    ]
)
QUOTED = Map.of([('a"b c', "d=e"), ("c", "x y"), ('a"b c', "dup"), ("g", 'ab"cd')])
LONG_MAP = Map.of([(f"k{index:02}", index) for index in range(20)])
MAPS = [ODD_MAP, CONFLICTS, NUMBERS, QUOTED, LONG_MAP]

LISTS = [
    *((3, 1, 2), (3, 1.5, 2, -1.5), ("b", "a", "B", "é", "\udcff"), (True, False, "maybe", None, 1, 0.5)),
    *((None, None), (1, "1", 1.0), (b"a", b"b"), (Map.of([("a", 1)]), 2), ((1,), 2)),
    *((nan, 1.0, -inf, inf, 0.0, -0.0), tuple(range(20, 0, -1)), (2**63 - 1, 2.0**63, -(2**63), 9.2e18)),
    *((Map.of([("name", 1)]),), (Map.of([("nam", "x")]),), (Map.of([("p", 1)]),)),
    tuple(
        Map.of([("name", name), ("value", value), ("p", Map.of([("q", deep)]))])
        for name, value, deep in (("n1", 1, "deep"), ("n2", None, "deep2"), ("n1", (1,), "deep"))
    ),
]
