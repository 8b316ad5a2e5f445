"""Nodes between OTLP's bytes and objects. What no field shows is kept as it was written, so writing gives it back."""

from collections.abc import Mapping
from typing import Final

from phoenix.engine.values.codec import read_pairs, read_text, write_pairs, write_text
from phoenix.engine.values.nodes import MetricNode, MetricType, ResourceNode, ScopeNode
from phoenix.telemetry.values.message import LENGTH, VARINT, length_field, read_fields, varint_field

# Field numbers of Metric.data, opentelemetry/proto/metrics/v1/metrics.proto.
_DATA: Final[Mapping[int, MetricType]] = {
    5: MetricType.GAUGE,
    7: MetricType.SUM,
    9: MetricType.HISTOGRAM,
    10: MetricType.EXPONENTIAL_HISTOGRAM,
    11: MetricType.SUMMARY,
}
_DATA_NUMBERS: Final = {kind: number for number, kind in _DATA.items()}
_METADATA: Final = 12


def read_resource(message: bytes) -> ResourceNode:
    """Return what a ResourceMetrics without scopes says."""
    inside, schema_url, outside = _unwrap(message)
    pairs, others, dropped = [], b"", 0
    for field in read_fields(inside):
        if field.number == 1 and field.wire == LENGTH:
            pairs.append(field.payload)
        elif field.number == 2 and field.wire == VARINT:
            dropped = field.varint
        else:
            others += field.written
    return ResourceNode(read_pairs(pairs), dropped, schema_url, others, outside)


def write_resource(node: ResourceNode) -> bytes:
    """Return a ResourceMetrics without scopes; the Resource message always stands, as pdata writes it."""
    attributes = b"".join(length_field(1, pair) for pair in write_pairs(node.attributes))
    inside = attributes + _number(2, node.dropped_attributes_count) + node.others
    return length_field(1, inside) + _text(3, node.schema_url) + node.others_outside


def read_scope(message: bytes) -> ScopeNode:
    """Return what a ScopeMetrics without metrics says."""
    inside, schema_url, outside = _unwrap(message)
    texts = {1: "", 2: ""}
    pairs, others, dropped = [], b"", 0
    for field in read_fields(inside):
        if field.number in texts and field.wire == LENGTH:
            texts[field.number] = read_text(field.payload)
        elif field.number == 3 and field.wire == LENGTH:
            pairs.append(field.payload)
        elif field.number == 4 and field.wire == VARINT:
            dropped = field.varint
        else:
            others += field.written
    return ScopeNode(texts[1], texts[2], read_pairs(pairs), dropped, schema_url, others, outside)


def write_scope(node: ScopeNode) -> bytes:
    """Return a ScopeMetrics without metrics; the scope message always stands, as pdata writes it."""
    attributes = b"".join(length_field(3, pair) for pair in write_pairs(node.attributes))
    inside = _text(1, node.name) + _text(2, node.version) + attributes + _number(4, node.dropped_attributes_count)
    return length_field(1, inside + node.others) + _text(3, node.schema_url) + node.others_outside


def read_metric(message: bytes) -> MetricNode:
    """Return what a Metric without points says."""
    texts = {1: "", 2: "", 3: ""}
    kind, temporality, monotonic = MetricType.NONE, 0, False
    metadata, others = [], b""
    for field in read_fields(message):
        if field.number in texts and field.wire == LENGTH:
            texts[field.number] = read_text(field.payload)
        elif field.number in _DATA and field.wire == LENGTH:
            kind = _DATA[field.number]
            numbers = {part.number: part.varint for part in read_fields(field.payload) if part.wire == VARINT}
            has = kind in (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)
            temporality = numbers.get(2, 0) if has else 0
            monotonic = kind is MetricType.SUM and bool(numbers.get(3, 0))
        elif field.number == _METADATA and field.wire == LENGTH:
            metadata.append(field.payload)
        else:
            others += field.written
    return MetricNode(texts[1], texts[2], texts[3], kind, temporality, monotonic, read_pairs(metadata), others)


def write_metric(node: MetricNode) -> bytes:
    """Return a Metric without points."""
    said = _text(1, node.name) + _text(2, node.description) + _text(3, node.unit)
    if node.type is not MetricType.NONE:
        data = _number(2, node.temporality) + (varint_field(3, 1) if node.monotonic else b"")
        said += length_field(_DATA_NUMBERS[node.type], data)
    metadata = b"".join(length_field(_METADATA, pair) for pair in write_pairs(node.metadata))
    return said + metadata + node.others


def _unwrap(message: bytes) -> tuple[bytes, str, bytes]:
    # The message in field 1, the schema URL in field 3, and the rest as written.
    inside, schema_url, outside = b"", "", b""
    for field in read_fields(message):
        if field.number == 1 and field.wire == LENGTH:
            inside += field.payload
        elif field.number == 3 and field.wire == LENGTH:
            schema_url = read_text(field.payload)
        else:
            outside += field.written
    return inside, schema_url, outside


def _text(number: int, text: str) -> bytes:
    return length_field(number, write_text(text)) if text else b""


def _number(number: int, value: int) -> bytes:
    return varint_field(number, value) if value else b""
