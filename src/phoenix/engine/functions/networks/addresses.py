"""IP addresses and networks as Go's net package reads them (net.ParseIP, net.ParseCIDR)."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from phoenix.engine.errors import OttlRuntimeError

_V4_IN_V6: Final = bytes(10) + b"\xff\xff"
_MOST_DIGITS: Final = 1000


@dataclass(frozen=True, slots=True)
class Network:
    """net.IPNet: the address and how many bits of it count."""

    address: bytes
    bits: int

    def contains(self, address: bytes) -> bool:
        """Return whether an address is in here; those of another length never are."""
        if len(address) != len(self.address):
            return False
        rest = 8 * len(address) - self.bits
        return int.from_bytes(address) >> rest == int.from_bytes(self.address) >> rest


def parse_ip(text: str) -> bytes | None:
    """Return an address: 4 bytes, also for IPv4 within IPv6, or 16; None when it is none. Zones are none."""
    try:
        address = IPv6Address(text).packed if ":" in text else IPv4Address(text).packed
    except AddressValueError:
        return None
    if "%" in text or not text.isascii():
        return None
    return address[12:] if len(address) == 16 and address[:12] == _V4_IN_V6 else address


@lru_cache(maxsize=1024)
def parse_cidr(text: str) -> Network:
    """Return a network.

    Raises:
        OttlRuntimeError: it is none.
    """
    address, slash, length = text.partition("/")
    packed = parse_ip(address)
    bits = int(length) if length.isascii() and length.isdigit() and len(length) < _MOST_DIGITS else -1
    most = 128 if ":" in address else 32
    if packed is None or not slash or not 0 <= bits <= most:
        raise OttlRuntimeError(f"invalid CIDR address: {text}")
    if 8 * len(packed) == most:
        return Network(packed, bits)
    # IPv4 written as IPv6; with a shorter prefix it is no longer IPv4.
    return Network(packed, bits - 96) if bits >= 96 else Network(_V4_IN_V6 + packed, bits)
