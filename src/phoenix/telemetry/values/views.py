"""What interned values say, as Python: looked at once per distinct value, never per point.

A map may hold a key twice. The bytes keep both; these views take the first, as the collector's own map does when asked
for a key (pdata, `Map.Get`). Text that is no UTF-8 is shown with U+FFFD, as the collector's JSON does.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import TypeVar

import pyarrow as pa

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.values.message import (
    FIXED64,
    LENGTH,
    VARINT,
    fixed64_field,
    length_field,
    read_fields,
    varint_field,
)

T = TypeVar("T")

AttributeValue = str | bool | int | float | bytes | Sequence["AttributeValue"] | Mapping[str, "AttributeValue"] | None
Attributes = Mapping[str, AttributeValue]


class Temporality(IntEnum):
    """AggregationTemporality; the numbers are OTLP's."""

    UNSPECIFIED = 0
    DELTA = 1
    CUMULATIVE = 2


class MetricType(StrEnum):
    """Which data a metric holds, in the words of OTLP."""

    NONE = "none"
    GAUGE = "gauge"
    SUM = "sum"
    HISTOGRAM = "histogram"
    EXPONENTIAL_HISTOGRAM = "exponential_histogram"
    SUMMARY = "summary"


_TYPES = {
    5: MetricType.GAUGE,
    7: MetricType.SUM,
    9: MetricType.HISTOGRAM,
    10: MetricType.EXPONENTIAL_HISTOGRAM,
    11: MetricType.SUMMARY,
}
_TYPE_NUMBERS = {name: number for number, name in _TYPES.items()}
_TEMPORALITIES = {int(temporality): temporality for temporality in Temporality}
_HAVE_TEMPORALITY = frozenset({MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM})


@dataclass(frozen=True, slots=True)
class ResourceValue:
    """What a resource node says."""

    attributes: Attributes = field(default_factory=dict)
    schema_url: str = ""


@dataclass(frozen=True, slots=True)
class ScopeValue:
    """What a scope node says."""

    name: str = ""
    version: str = ""
    attributes: Attributes = field(default_factory=dict)
    schema_url: str = ""


@dataclass(frozen=True, slots=True)
class MetricValue:
    """What a metric node says. Temporality and monotonic are UNSPECIFIED and False where the type has none."""

    name: str = ""
    unit: str = ""
    description: str = ""
    type: MetricType = MetricType.NONE
    temporality: Temporality | int = Temporality.UNSPECIFIED
    monotonic: bool = False

    @property
    def additive(self) -> bool:
        """Whether increases of this metric may be summed over series: a monotonic sum."""
        return self.type is MetricType.SUM and self.monotonic


def distinct(values: pa.BinaryArray, read: Callable[[bytes], T]) -> list[T]:
    """Return what `read` makes of each distinct value: `distinct(nodes.values, f)[nodes.value[row]]` is row's."""
    return [read(value) for value in values_list(values)]


def read_attributes(value: bytes) -> dict[str, AttributeValue]:
    """Return a KeyValueList as a dict in the order written; of a key that stands twice, the first."""
    return _read_map(payload for number, payload in _messages(value) if number == 1)


# A report looks at each resource for its series, its bytes, its processes and its losses.
@lru_cache(maxsize=4096)
def read_resource(value: bytes) -> ResourceValue:
    """Return what a ResourceMetrics without scopes says; entity references are not shown."""
    resource, schema_url = b"", ""
    for number, payload in _messages(value):
        if number == 1:
            resource += payload
        elif number == 3:
            schema_url = _text(payload)
    return ResourceValue(read_attributes(resource), schema_url)


def read_scope(value: bytes) -> ScopeValue:
    """Return what a ScopeMetrics without metrics says."""
    scope, schema_url = b"", ""
    for number, payload in _messages(value):
        if number == 1:
            scope += payload
        elif number == 3:
            schema_url = _text(payload)
    parts = {1: "", 2: ""}
    attributes: list[bytes] = []
    for number, payload in _messages(scope):
        if number == 3:
            attributes.append(payload)
        else:
            parts[number] = _text(payload)
    return ScopeValue(parts[1], parts[2], _read_map(iter(attributes)), schema_url)


def read_metric(value: bytes) -> MetricValue:
    """Return what a Metric without points says; metadata is not shown."""
    parts = {1: "", 2: "", 3: ""}
    kind, data = MetricType.NONE, b""
    for number, payload in _messages(value):
        if number in _TYPES:
            kind, data = _TYPES[number], payload
        elif number in parts:
            parts[number] = _text(payload)
    temporality, monotonic = 0, False
    if kind in _HAVE_TEMPORALITY:
        varints = {part.number: part.varint for part in read_fields(data) if part.wire == VARINT}
        temporality = varints.get(2, 0)
        monotonic = kind is MetricType.SUM and bool(varints.get(3, 0))
    return MetricValue(parts[1], parts[3], parts[2], kind, _TEMPORALITIES.get(temporality, temporality), monotonic)


def write_attributes(attributes: Attributes) -> bytes:
    """Return the KeyValueList of these attributes, in their order, as protobuf writes it."""
    return b"".join(length_field(1, _write_pair(key, value)) for key, value in attributes.items())


def write_resource(resource: ResourceValue) -> bytes:
    """Return a ResourceMetrics without scopes."""
    return length_field(1, write_attributes(resource.attributes)) + _write_text(3, resource.schema_url)


def write_scope(scope: ScopeValue) -> bytes:
    """Return a ScopeMetrics without metrics."""
    attributes = b"".join(length_field(3, _write_pair(key, value)) for key, value in scope.attributes.items())
    said = _write_text(1, scope.name) + _write_text(2, scope.version) + attributes
    return length_field(1, said) + _write_text(3, scope.schema_url)


def write_metric(metric: MetricValue) -> bytes:
    """Return a Metric without points."""
    data = b""
    if metric.temporality:
        data += varint_field(2, metric.temporality)
    if metric.monotonic:
        data += varint_field(3, 1)
    said = _write_text(1, metric.name) + _write_text(2, metric.description) + _write_text(3, metric.unit)
    if metric.type is not MetricType.NONE:
        said += length_field(_TYPE_NUMBERS[metric.type], data)
    return said


def _messages(message: bytes) -> Iterator[tuple[int, bytes]]:
    return ((part.number, part.payload) for part in read_fields(message) if part.wire == LENGTH)


def _text(payload: bytes) -> str:
    return payload.decode("utf-8", errors="replace")


def _write_text(number: int, text: str) -> bytes:
    return length_field(number, text.encode()) if text else b""


def _read_map(pairs: Iterator[bytes]) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {}
    for pair in pairs:
        key, value = "", b""
        for number, payload in _messages(pair):
            if number == 1:
                key = _text(payload)
            elif number == 2:
                # A message that stands twice is merged, and merging is concatenation.
                value += payload
        if key not in attributes:
            attributes[key] = _read_any(value)
    return attributes


def _read_any(value: bytes) -> AttributeValue:
    held, number = b"", 0
    shown: AttributeValue = None
    for part in read_fields(value):
        if part.wire == VARINT and part.number == 2:
            shown, number = bool(part.varint), 2
        elif part.wire == VARINT and part.number == 3:
            shown, number = part.varint - (1 << 64) if part.varint >> 63 else part.varint, 3
        elif part.wire == FIXED64 and part.number == 4:
            shown, number = struct.unpack("<d", part.payload)[0], 4
        elif part.wire == LENGTH and part.number in _LENGTH_VALUES:
            merged = part.number in (5, 6) and part.number == number
            held, number = (held if merged else b"") + part.payload, part.number
            shown = _LENGTH_VALUES[number](held)
    return shown


_LENGTH_VALUES: Mapping[int, Callable[[bytes], AttributeValue]] = {
    1: _text,
    5: lambda payload: [_read_any(item) for number, item in _messages(payload) if number == 1],
    6: read_attributes,
    7: bytes,
}


def _write_pair(key: str, value: AttributeValue) -> bytes:
    return _write_text(1, key) + (b"" if value is None else length_field(2, _write_any(value)))


def _write_any(value: AttributeValue) -> bytes:
    match value:
        case None:
            return b""
        case bool():
            return varint_field(2, int(value))
        case str():
            return length_field(1, value.encode())
        case int():
            return varint_field(3, value)
        case float():
            return fixed64_field(4, struct.pack("<d", value))
        case bytes():
            return length_field(7, value)
        case Mapping():
            return length_field(6, write_attributes(value))
        case _:
            return length_field(5, b"".join(length_field(1, _write_any(item)) for item in value))
