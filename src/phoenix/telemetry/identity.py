"""Which points belong to one series, by the OpenTelemetry data model (design, section 6).

A series is one combination of resource attributes, scope (name, version, attributes), metric (name, unit, type,
temporality, monotonic) and point attributes. The order of a map does not matter, the type of a value does: 1, 1.0 and
"1" differ. Descriptions, schema URLs, metadata and entity references are no part of it. Of keys that stand twice, every
pair counts.
https://opentelemetry.io/docs/specs/otel/metrics/data-model/#opentelemetry-protocol-data-model
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.values.canonical import (
    canonical_attributes,
    canonical_metric,
    canonical_resource,
    canonical_scope,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SeriesIndex:
    """The series of a capture, numbered in the order first seen.

    Numbers are exact: they come from comparing whole identities. Hashes serve to meet series of other captures and of
    other processes; two given series share one by chance with probability 2**-64.

    Attributes:
        ids: int32[N], the series of each point.
        hashes: uint64[S], the same for the same identity in every capture and process.
        first: int64[S], row of the first point; -1 for a series of another capture that was numbered together.
        resource: int32[S], row of `capture.resources.values` at the first point; -1 where there is none.
        scope: int32[S], row of `capture.scopes.values`, likewise.
        metric: int32[S], row of `capture.metrics.values`, likewise.
        attributes: int32[S], row of `capture.points.attribute_values`, likewise.
    """

    ids: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    first: Ints
    resource: NDArray[np.int32]
    scope: NDArray[np.int32]
    metric: NDArray[np.int32]
    attributes: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.hashes)

    @property
    def present(self) -> NDArray[np.bool_]:
        """bool[S]: the capture has points of this series."""
        return self.first >= 0


def index_series(capture: Capture) -> SeriesIndex:
    """Return the series of a capture. Cost: a look at each distinct value, then a few passes over the points."""
    return index_together([capture])[0]


def index_together(captures: Sequence[Capture]) -> list[SeriesIndex]:
    """Return the series of several captures under one numbering: equal numbers mean equal identity, exactly.

    Every index has all series of all captures; see `SeriesIndex.present`.
    """
    parts = _Parts()
    keys = np.concatenate([parts.of(capture) for capture in captures], axis=1)
    # Parts are below 2**31 each, so two of them fit one int64; equal pairs get one number before the next is added.
    number = keys[0]
    for part in keys[1:]:
        number = _dense(number << 31 | part)
    count = int(number.max()) + 1 if len(number) else 0
    first = _first_rows(number, count)
    hashes = parts.hashes(keys[:, first])
    ends = np.cumsum([len(capture.points) for capture in captures])
    return [
        _index(capture, ids.astype(np.int32), hashes)
        for capture, ids in zip(captures, np.split(number, ends[:-1]), strict=True)
    ]


def distinct_resources(capture: Capture) -> NDArray[np.int32]:
    """Return int32[V]: a number for each row of `capture.resources.values`, equal where identity is equal."""
    return _Level(canonical_resource).numbers(capture.resources.values).astype(np.int32)


def _index(capture: Capture, ids: NDArray[np.int32], hashes: NDArray[np.uint64]) -> SeriesIndex:
    first = _first_rows(ids, len(hashes))
    absent = first < 0

    def at_first(values: NDArray[np.int32]) -> NDArray[np.int32]:
        if not len(values):
            return np.full(len(first), -1, dtype=np.int32)
        return np.where(absent, np.int32(-1), values[np.maximum(first, 0)])

    points = capture.points
    scope = capture.metrics.parent[points.metric]
    return SeriesIndex(
        ids=ids,
        hashes=hashes,
        first=first,
        resource=at_first(capture.resources.value[capture.scopes.parent[scope]]),
        scope=at_first(capture.scopes.value[scope]),
        metric=at_first(capture.metrics.value[points.metric]),
        attributes=at_first(points.attributes),
    )


def _first_rows(ids: NDArray[np.int32] | Ints, count: int) -> Ints:
    first = np.full(count, -1, dtype=np.int64)
    # Of rows assigned to one place the last stays, so going backwards leaves the first.
    first[ids[::-1]] = np.arange(len(ids) - 1, -1, -1)
    return first


def _dense(keys: Ints) -> Ints:
    # Numbers in the order first seen; Arrow's hash table beats sorting.
    return pa.array(keys).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)


class _Level:
    # Numbers identities of one level across captures.

    def __init__(self, canonical: Callable[[bytes], bytes]) -> None:
        self._canonical = canonical
        self._known: dict[bytes, int] = {}

    def numbers(self, values: pa.BinaryArray) -> Ints:
        known = self._known
        return np.array(
            [known.setdefault(self._canonical(value), len(known)) for value in values_list(values)], dtype=np.int64
        )

    def hashes(self) -> NDArray[np.uint64]:
        digests = b"".join(hashlib.blake2b(identity, digest_size=8).digest() for identity in self._known)
        return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


class _Parts:
    # The four parts of identity, in the order of the tree.

    def __init__(self) -> None:
        self.resource, self.scope = _Level(canonical_resource), _Level(canonical_scope)
        self.metric, self.attributes = _Level(canonical_metric), _Level(canonical_attributes)

    def of(self, capture: Capture) -> Ints:
        # int64[4, N], the number of each part of each point.
        points, scope = capture.points, capture.metrics.parent
        resource = capture.scopes.parent[scope]
        nodes = (
            self.resource.numbers(capture.resources.values)[capture.resources.value[resource]],
            self.scope.numbers(capture.scopes.values)[capture.scopes.value[scope]],
            self.metric.numbers(capture.metrics.values)[capture.metrics.value],
        )
        attributes = self.attributes.numbers(points.attribute_values)
        return np.stack([*(part[points.metric] for part in nodes), attributes[points.attributes]])

    def hashes(self, keys: Ints) -> NDArray[np.uint64]:
        mixed = np.zeros(keys.shape[1], dtype=np.uint64)
        for level, part in zip((self.resource, self.scope, self.metric, self.attributes), keys, strict=True):
            mixed = _mix(mixed ^ level.hashes()[part])
        return mixed


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so it adds no collisions, but order counts.
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
