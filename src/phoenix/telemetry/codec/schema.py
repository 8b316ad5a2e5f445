"""The metric messages of OTLP as a table for the kernels, from the descriptors of the opentelemetry-proto package.

Knowing the messages lets a kernel check an interned value as deeply as protobuf would; anything the package does not
know yet is kept as an unknown field.
"""

from functools import cache

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from numpy.typing import NDArray
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.metrics.v1 import metrics_pb2

# What stands behind a length-delimited field, when it is not the number of a message.
OPAQUE, PACKED_VARINT, PACKED_FIXED64 = -1, -2, -3

# Numbers of the messages that values are; the rest follow in the order they are met.
RESOURCE_METRICS, SCOPE_METRICS, METRIC, KEY_VALUE_LIST = 0, 1, 2, 3
# Indexed by `PointKind`.
NUMBER_POINT, HISTOGRAM_POINT, EXPONENTIAL_HISTOGRAM_POINT, SUMMARY_POINT = 4, 5, 6, 7

_ROOTS: tuple[Descriptor, ...] = (
    metrics_pb2.ResourceMetrics.DESCRIPTOR,
    metrics_pb2.ScopeMetrics.DESCRIPTOR,
    metrics_pb2.Metric.DESCRIPTOR,
    common_pb2.KeyValueList.DESCRIPTOR,
    metrics_pb2.NumberDataPoint.DESCRIPTOR,
    metrics_pb2.HistogramDataPoint.DESCRIPTOR,
    metrics_pb2.ExponentialHistogramDataPoint.DESCRIPTOR,
    metrics_pb2.SummaryDataPoint.DESCRIPTOR,
)
_PACKED_VARINTS = frozenset({FieldDescriptor.TYPE_UINT64})
_PACKED_FIXED64 = frozenset({FieldDescriptor.TYPE_FIXED64, FieldDescriptor.TYPE_DOUBLE})


@cache
def length_fields() -> NDArray[np.int16]:
    """Return int16[messages, highest field number + 1]: what a length-delimited field of a message holds.

    A message's number, or OPAQUE (text, bytes, unknown), PACKED_VARINT, PACKED_FIXED64.
    """
    numbers: dict[str, int] = {}
    messages: list[Descriptor] = []
    waiting = list(_ROOTS)
    while waiting:
        message = waiting.pop(0)
        if message.full_name not in numbers:
            numbers[message.full_name] = len(messages)
            messages.append(message)
            waiting += [field.message_type for field in message.fields if field.message_type is not None]
    highest = max(field.number for message in messages for field in message.fields)
    table = np.full((len(messages), highest + 1), OPAQUE, dtype=np.int16)
    for row, message in enumerate(messages):
        for field in message.fields:
            if field.message_type is not None:
                table[row, field.number] = numbers[field.message_type.full_name]
            elif field.is_repeated and field.type in _PACKED_VARINTS:
                table[row, field.number] = PACKED_VARINT
            elif field.is_repeated and field.type in _PACKED_FIXED64:
                table[row, field.number] = PACKED_FIXED64
    table.flags.writeable = False
    return table
