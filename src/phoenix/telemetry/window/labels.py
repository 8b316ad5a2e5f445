"""What a meter must know of each distinct value: its part of a series' identity, its text sizes, its names.

A stream says the same resources again and again, so what is known of a value is kept from body to body: a scrape that
repeats costs a look into a dictionary for each resource, not a reading of it. The hashes are keyed BLAKE2b. Without the
key nobody can choose attributes so that two series meet in one hash and one of them hides; with S series the odds that
any two meet are S**2 / 2**65 (a million series: 3 in 100 million).
"""

import hashlib
from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.measure.flat_json import members_json_bytes, text_json_bytes
from phoenix.telemetry.processes import EXECUTABLE_NAME, PID, ProcessPattern
from phoenix.telemetry.values import MetricType, Temporality, read_attributes, read_metric, read_resource
from phoenix.telemetry.values.canonical import (
    canonical_attributes,
    canonical_metric,
    canonical_resource,
    canonical_scope,
)

T = TypeVar("T", bound=tuple[int, ...])
Name = TypeVar("Name")

# How a metric's points add up.
NOT_ADDITIVE: Final = 0
DELTA: Final = 1
CUMULATIVE: Final = 2

# Bits of a resource's traits.
IS_PROCESS: Final = 1
HAS_HOST: Final = 2

_HOST_KEYS: Final = ("host.name", "host.id")
# What a kept value takes beside its bytes, roughly.
_ENTRY_BYTES: Final = 200


class MetricName(NamedTuple):
    """A metric as windows count it: its name and how its points add up."""

    name: str
    adds: int


class Known(Generic[T]):
    """What was found out about values, kept until it takes too much room; then all is forgotten."""

    def __init__(self, read: Callable[[bytes], T], room: int) -> None:
        self._read = read
        self._room = self._left = room
        self._known: dict[bytes, T] = {}

    def table(self, values: pa.BinaryArray) -> NDArray[np.uint64]:
        """Return uint64[values, what is known of each]."""
        known = self._known
        rows = [known.get(value) or self._learn(value) for value in values_list(values)]
        return np.array(rows, dtype=np.uint64) if rows else np.empty((0, 8), dtype=np.uint64)

    def _learn(self, value: bytes) -> T:
        found = self._read(value)
        self._left -= len(value) + _ENTRY_BYTES
        if self._left < 0:
            self._known.clear()
            self._left = self._room
        self._known[value] = found
        return found


class Texts(Generic[Name]):
    """Numbers for names, until there are too many."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self.numbers: dict[Name, int] = {}
        self.texts: list[Name] = []

    def number(self, text: Name) -> int:
        """Return the name's number."""
        found = self.numbers.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.texts) > self._most


class Labels:
    """What a reader of streams knows of the values it met.

    Args:
        key: the secret of this installation, 16 to 64 bytes; other readers with the same key give the same hashes.
        room: bytes to keep it in, roughly.
    """

    def __init__(self, key: bytes, room: int = 64 * 2**20) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("the key of series hashes has 16 to 64 bytes")
        self._key, self._room = key, room
        self._begin()

    def _begin(self) -> None:
        share = self._room // 4
        self.executables: Texts[str] = Texts()
        self.metric_names: Texts[MetricName] = Texts()
        self.resources = Known(self._resource, share)
        self.scopes = Known(self._scope, share // 2)
        self.metrics = Known(self._metric, share // 2)
        self.attributes = Known(self._attributes, share)
        self._critical: dict[tuple[str, ...], Known[tuple[int]]] = {}

    def refresh(self) -> None:
        """Forget everything when names have become too many. To be called between bodies."""
        if self.executables.full or self.metric_names.full:
            self._begin()

    def critical(self, patterns: tuple[ProcessPattern, ...]) -> Known[tuple[int]]:
        """Return what is known of resources in the light of these patterns: bit i is set where pattern i matches."""
        texts = tuple(pattern.text for pattern in patterns)
        known = self._critical.get(texts)
        if known is None:
            if len(self._critical) == 8:
                self._critical.clear()
            known = self._critical[texts] = Known(lambda value: _matched(value, patterns), self._room // 32)
        return known

    def _hash(self, level: bytes, identity: bytes) -> int:
        digest = hashlib.blake2b(identity, digest_size=8, key=self._key, person=level).digest()
        return int.from_bytes(digest, "little")

    def _resource(self, value: bytes) -> tuple[int, int, int, int]:
        # Hash, JSON bytes, executable, traits.
        attributes = read_resource(value).attributes
        traits = IS_PROCESS * (PID in attributes) | HAS_HOST * any(key in attributes for key in _HOST_KEYS)
        executable = self.executables.number(str(attributes.get(EXECUTABLE_NAME, "")))
        return self._hash(b"resource", canonical_resource(value)), members_json_bytes(attributes), executable, traits

    def _scope(self, value: bytes) -> tuple[int]:
        return (self._hash(b"scope", canonical_scope(value)),)

    def _metric(self, value: bytes) -> tuple[int, int, int]:
        # Hash, JSON bytes, name.
        metric = read_metric(value)
        adds = NOT_ADDITIVE
        if metric.type is MetricType.SUM and metric.monotonic:
            adds = DELTA if metric.temporality == Temporality.DELTA else CUMULATIVE
        number = self.metric_names.number(MetricName(metric.name, adds))
        return self._hash(b"metric", canonical_metric(value)), text_json_bytes(metric.name), number

    def _attributes(self, value: bytes) -> tuple[int, int]:
        # Hash, JSON bytes.
        return self._hash(b"point", canonical_attributes(value)), members_json_bytes(read_attributes(value))


def _matched(value: bytes, patterns: tuple[ProcessPattern, ...]) -> tuple[int]:
    attributes = read_resource(value).attributes
    if PID not in attributes:
        return (0,)
    return (sum(pattern.matches(attributes) << place for place, pattern in enumerate(patterns)),)


def mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each number mixed by SplitMix64's finalizer: a bijection, so it adds no collisions, but order counts."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
