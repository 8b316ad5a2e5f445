"""IsInCIDR and CommunityID over addresses and networks as people write them, and as they should not."""

import random

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call

from phoenix.engine.values.value import Map

A, B, PORT, OTHER = (Attribute(name) for name in ("a", "b", "port", "other"))
ADDRESSES = (
    *(
        "10.0.0.7",
        "10.0.0.07",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "0x1.2.3.4",
        "",
        " 1.2.3.4",
        "1.2.3.4%a",
        "\uff11.2.3.4",
    ),
    *("::", "::1", "1::", "1:::2", "::1::", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "12345::"),
    *("::ffff:1.2.3.4", "::ffff:a00:7", "::1.2.3.4", "::FFFF:1.2.3.04", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::"),
    *("fe80::1%eth0", "fe80::1%", "0001::", "00001::", "g::", "64:ff9b::1.2.3.4", "\uff11.2.3.4", None, 1, b"x"),
)
NETWORKS = (
    *("10.0.0.0/8", "10.0.0.7/32", "0.0.0.0/0", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8"),
    *("10.0.0.0/-1", "10.0.0.0/ 8", "::/0", "::1/128", "::/129", "::ffff:10.0.0.0/104", "::ffff:0:0/96", "/8", ""),
    *("::ffff:0:0/95", "::ffff:10.0.0.0/8", "2001:db8::/32", "fe80::1%eth0/64", "10.0.0.7/8/8", None, 1),
    *("1.2.3.4/000000000000000000000000008", "1.2.3.4/99999999999999999999"),
)


def test_addresses_are_in_the_networks_that_the_collector_says(harness):
    expressions = [
        call("IsInCIDR", target=A, networks=[B]),
        call("IsInCIDR", target=A, networks=["10.0.0.0/8", "::/1"]),
        call("IsInCIDR", target=A, networks=["0.0.0.0/0", B]),
        call("IsInCIDR", target=A, networks=[B, "::/0"]),
        call("IsInCIDR", target=A, networks=[]),
    ]
    rows = [Map.of([("a", address), ("b", network)]) for address in ADDRESSES for network in NETWORKS]
    assert disagreements(harness, expressions, rows) == []


def test_flows_have_the_identity_that_the_collector_gives_them(harness):
    chance = random.Random(6)
    expressions = [
        call("CommunityID", source_ip=A, source_port=PORT, destination_ip=B, destination_port=80),
        call("CommunityID", source_ip=B, source_port=80, destination_ip=A, destination_port=PORT),
        call("CommunityID", source_ip=A, source_port=1, destination_ip=B, destination_port=1, protocol=OTHER),
        call("CommunityID", source_ip=A, source_port=1, destination_ip=B, destination_port=2, seed=OTHER),
    ]
    rows = [
        Map.of(
            [
                ("a", chance.choice((*ADDRESSES, "9.9.9.9", "9.9.9.9"))),
                ("b", chance.choice(("1.2.3.4", "10.0.0.7", "::1"))),
                ("port", chance.choice((0, 1, 80, 65535, 65536, -1, 1.0, None, "1"))),
                ("other", chance.choice((0, 1, 65535, 65536, -1, None, "TCP", "UDP", "ICMP6", "tcp"))),
            ]
        )
        for _ in range(800)
    ]
    assert disagreements(harness, expressions, rows) == []
