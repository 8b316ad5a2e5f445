"""IsInCIDR and CommunityID."""

import base64
import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.columns import Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import int_of, string_of
from phoenix.engine.functions.comparison.reached import reached
from phoenix.engine.functions.networks.addresses import parse_cidr, parse_ip
from phoenix.engine.values.value import Value

_PROTOCOLS: Final = {"ICMP": 1, "TCP": 6, "UDP": 17, "RSVP": 46, "ICMP6": 58, "SCTP": 132}
_PORTS: Final = range(1 << 16)


def is_in_cidr(target: Value, networks: Sequence[Value | Failed]) -> bool:
    """Return whether an address is in one of the networks; what is no address is in none.

    Networks are looked at in turn, so one that cannot be had only counts when none before it fits.
    """
    address = parse_ip(string_of(target))
    if address is None:
        return False
    return any(parse_cidr(string_of(reached(network))).contains(address) for network in networks)


def community_id(
    *,
    source_ip: Value,
    source_port: Value,
    destination_ip: Value,
    destination_port: Value,
    protocol: Value = "TCP",
    seed: Value = 0,
) -> str:
    """Return the Community ID (version 1) of a flow, the same for both directions.

    Raises:
        OttlRuntimeError: an address, a port, the protocol or the seed is none.
    """
    source = _endpoint("source", source_ip, source_port)
    destination = _endpoint("destination", destination_ip, destination_port)
    number = _PROTOCOLS.get(string_of(protocol))
    if number is None:
        raise OttlRuntimeError(f"unsupported protocol: {string_of(protocol)}")
    start = int_of(seed)
    if start not in _PORTS:
        raise OttlRuntimeError(f"seed must be between 0 and 65535, got {start}")
    (_, low, low_port), (_, high, high_port) = sorted([source, destination])
    flow = struct.pack(">H", start) + low + high + struct.pack(">BBHH", number, 0, low_port, high_port)
    return "1:" + base64.b64encode(hashlib.sha1(flow, usedforsecurity=False).digest()).decode()


def _endpoint(name: str, address: Value, port: Value) -> tuple[int, bytes, int]:
    text, number = string_of(address), int_of(port)
    if number not in _PORTS:
        raise OttlRuntimeError(f"{name} port must be between 0 and 65535, got {number}")
    packed = parse_ip(text)
    if packed is None:
        raise OttlRuntimeError(f"invalid {name} IP: {text}")
    return len(packed), packed, number


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {"IsInCIDR": is_in_cidr, "CommunityID": community_id}
