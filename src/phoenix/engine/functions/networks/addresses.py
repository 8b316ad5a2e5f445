"""IP addresses and networks as Go's net package reads them (net.ParseIP, net.ParseCIDR)."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from phoenix.engine.errors import OttlRuntimeError

_V4_IN_V6 = bytes(10) + b"\xff\xff"


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
    failed = OttlRuntimeError(f"invalid CIDR address: {text}")
    address, slash, length = text.partition("/")
    packed = parse_ip(address)
    if packed is None or not slash or not length.isascii() or not length.isdigit():
        raise failed
    # Written as IPv6, IPv4 stays 16 bytes long until its prefix is known.
    written = IPv6Address(address).packed if ":" in address else packed
    bits = int(length)
    if bits > 8 * len(written) or length != str(bits):
        raise failed
    if len(written) != len(packed):
        return Network(written, bits)
    return Network(packed, bits)
