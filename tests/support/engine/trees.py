"""Captures as trees that can be compared: nodes that are empty and the order of everything included."""

from typing import Any

import numpy as np
from google.protobuf.message import Message
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValueList

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import encode


def trees(capture: Capture) -> list[list[Any]]:
    """Return every request that holds something as nested lists: nodes and points in order, attributes in none."""
    found = []
    for body in encode(capture):
        request = ExportMetricsServiceRequest.FromString(body)
        if request.resource_metrics:
            found.append([_tree(node) for node in request.resource_metrics])
    return found


def _tree(message: Message) -> list[Any]:
    return [(field.name, _said(value, field.name, message)) for field, value in message.ListFields()]


def _said(value: Any, name: str, holder: Message) -> Any:
    if isinstance(value, Message):
        return _tree(value)
    if isinstance(value, float):
        # By its bits: NaN is equal to itself here, and 0.0 is not -0.0.
        return np.float64(value).tobytes()
    if isinstance(value, str | bytes | int):
        return value
    items = [_said(item, "", holder) for item in value]
    is_map = name in ("attributes", "metadata") or isinstance(holder, KeyValueList)
    # By key only: of a key that stands twice the first one counts.
    return sorted(items, key=lambda pair: str(dict(pair).get("key", ""))) if is_map else items
