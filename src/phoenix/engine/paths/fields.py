"""What a field of a resource, scope or metric holds, and what its setter leaves behind.

Follows contexts/internal/ctxresource, ctxscope and ctxmetric of pkg/ottl 0.160. A setter that fails leaves the node as
it was; `FieldError` says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from phoenix.engine.frame import Level
from phoenix.engine.values.nodes import MetricNode, MetricType, ResourceNode, ScopeNode
from phoenix.engine.values.pdata import Pdata, PdataKind
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context

LEVELS: Final[Mapping[Context, Level]] = {
    Context.RESOURCE: Level.RESOURCE,
    Context.SCOPE: Level.SCOPE,
    Context.METRIC: Level.METRIC,
    Context.DATAPOINT: Level.POINT,
}

# Fields that hold a map, which indexes go into.
MAPS: Final[Mapping[Context, str]] = {
    Context.RESOURCE: "attributes",
    Context.SCOPE: "attributes",
    Context.METRIC: "metadata",
    Context.DATAPOINT: "attributes",
}

T = TypeVar("T")
Node = ResourceNode | ScopeNode | MetricNode


class FieldError(Exception):
    """A setter refuses a value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a node.

    Attributes:
        read: what it holds.
        write: the node once it holds a value; raises FieldError.
    """

    read: Callable[[Any], Value]
    write: Callable[[Any, Value], Node]


def expect(value: Value, wanted: type[T]) -> T:
    """Return a value of the type a setter wants (ctxutil.ExpectType).

    Raises:
        FieldError: it is of another type, or nil.
    """
    if value is None:
        raise FieldError("setting a value to nil is not supported")
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise FieldError(f"expects {_NAMES[wanted]} but got a value of another type")
    return value


def _text(name: str) -> Field:
    return Field(lambda node: getattr(node, name), lambda node, value: replace(node, **{name: expect(value, str)}))


def _count() -> Field:
    return Field(
        lambda node: node.dropped_attributes_count,
        lambda node, value: replace(node, dropped_attributes_count=expect(value, int) % (1 << 32)),
    )


def _map(name: str) -> Field:
    def write(node: Node, value: Value) -> Node:
        # A map represents nil as an empty map (ctxutil.SetMap).
        if value is not None and not isinstance(value, Map):
            raise FieldError("unsupported type provided for setting a pcommon.Map")
        held: Any = {name: Map() if value is None else value}
        return replace(node, **held)

    return Field(lambda node: getattr(node, name), write)


def _read_temporality(metric: MetricNode) -> Value:
    if metric.type not in (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM):
        return None
    return (metric.temporality + (1 << 31)) % (1 << 32) - (1 << 31)


def _write_temporality(metric: MetricNode, value: Value) -> MetricNode:
    number = expect(value, int)
    if _read_temporality(metric) is None:
        return metric
    # An int32 enum; a negative one is written as protobuf writes it, in 64 bits.
    return replace(metric, temporality=((number + (1 << 31)) % (1 << 32) - (1 << 31)) % (1 << 64))


def _write_monotonic(metric: MetricNode, value: Value) -> MetricNode:
    monotonic = expect(value, bool)
    return replace(metric, monotonic=monotonic) if metric.type is MetricType.SUM else metric


POINTS: Final[Mapping[MetricType, PdataKind]] = {
    MetricType.GAUGE: PdataKind.NUMBERS,
    MetricType.SUM: PdataKind.NUMBERS,
    MetricType.HISTOGRAM: PdataKind.HISTOGRAMS,
    MetricType.EXPONENTIAL_HISTOGRAM: PdataKind.EXPONENTIALS,
    MetricType.SUMMARY: PdataKind.SUMMARIES,
}
"""What data_points of a metric are; those of one without a type are nil. `read_points` reads them."""


def _write_points(metric: MetricNode, value: Value) -> MetricNode:
    # No other points than its own can be at hand, and those stay what they are.
    kind = POINTS.get(metric.type)
    if kind is not None and not (isinstance(value, Pdata) and value.kind is kind):
        raise FieldError(f"expects {kind} but got a value of another type")
    return metric


FIELDS: Final[Mapping[Context, Mapping[str, Field]]] = {
    Context.RESOURCE: {
        "attributes": _map("attributes"),
        "dropped_attributes_count": _count(),
        "schema_url": _text("schema_url"),
    },
    Context.SCOPE: {
        "name": _text("name"),
        "version": _text("version"),
        "attributes": _map("attributes"),
        "dropped_attributes_count": _count(),
        "schema_url": _text("schema_url"),
    },
    Context.METRIC: {
        "name": _text("name"),
        "description": _text("description"),
        "unit": _text("unit"),
        # Setting the type does nothing at all.
        "type": Field(lambda metric: int(metric.type), lambda metric, _: metric),
        "aggregation_temporality": Field(_read_temporality, _write_temporality),
        "is_monotonic": Field(
            lambda metric: metric.monotonic if metric.type is MetricType.SUM else None, _write_monotonic
        ),
        "data_points": Field(lambda _: None, _write_points),
        "metadata": _map("metadata"),
    },
}

_NAMES: Final[Mapping[type, str]] = {str: "string", int: "int64", float: "float64", bool: "bool"}
