"""What interned values say: views for Python, edits that keep every other byte, and canonical identities."""

from phoenix.telemetry.values.views import (
    Attributes,
    AttributeValue,
    MetricType,
    MetricValue,
    ResourceValue,
    ScopeValue,
    Temporality,
    distinct,
    read_attributes,
    read_metric,
    read_resource,
    read_scope,
    write_attributes,
    write_metric,
    write_resource,
    write_scope,
)

__all__ = [
    "AttributeValue",
    "Attributes",
    "MetricType",
    "MetricValue",
    "ResourceValue",
    "ScopeValue",
    "Temporality",
    "distinct",
    "read_attributes",
    "read_metric",
    "read_resource",
    "read_scope",
    "write_attributes",
    "write_metric",
    "write_resource",
    "write_scope",
]
