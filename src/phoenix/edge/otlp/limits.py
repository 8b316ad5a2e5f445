"""What bounds the OTLP ingest, and what it counts."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OtlpLimits:
    """Limits of both ports.

    Attributes:
        body_bytes: of one body as sent, compressed or not.
        decoded_bytes: of one body after decompression.
        held_bytes: of all bodies being read at once; beyond it senders are told to come again.
        read_seconds: for one body to arrive.
        take_seconds: for the meter to take it; then the sender is told to come again, and is recognised when it does.
        retry_seconds: what senders are told to wait.
    """

    body_bytes: int = 16 * 2**20
    decoded_bytes: int = 64 * 2**20
    held_bytes: int = 256 * 2**20
    read_seconds: float = 30.0
    take_seconds: float = 25.0
    retry_seconds: int = 5


@dataclass(slots=True)
class OtlpCounters:
    """What came in since the start.

    Attributes:
        outcomes: requests by (protocol, code): `("http", "200")`, `("grpc", "UNAVAILABLE")`.
        wire_bytes: bytes of bodies as sent.
        decoded_bytes: of bodies after decompression.
        rejected_points: points rejected in bodies that were taken otherwise.
        held_bytes: held now, by bodies being read or taken.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wire_bytes: int = 0
    decoded_bytes: int = 0
    rejected_points: int = 0
    held_bytes: int = 0
