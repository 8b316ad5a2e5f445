"""Tags of the fields that the codec takes apart: field number << 3 | wire type.

The numbers are those of opentelemetry/proto/metrics/v1/metrics.proto.
"""

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Int

RESOURCE_METRICS = 0x0A  # of ExportMetricsServiceRequest
SCOPE_METRICS = 0x12  # of ResourceMetrics
METRIC = 0x12  # of ScopeMetrics
DATA_POINT = 0x0A  # of Gauge, Sum, Histogram, ExponentialHistogram, Summary
KEY_VALUE = 0x0A  # of KeyValueList

GAUGE, SUM, HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY = 0x2A, 0x3A, 0x4A, 0x52, 0x5A  # of Metric

START_TIME, TIME = 0x11, 0x19  # of every data point
AS_DOUBLE, AS_INT = 0x21, 0x31  # of NumberDataPoint

# Which of the four data point messages a metric holds.
NUMBER_POINT, HISTOGRAM_POINT, EXPONENTIAL_HISTOGRAM_POINT, SUMMARY_POINT = 0, 1, 2, 3
NO_DATA = -1


@inner
def point_message(tag: Int) -> Int:
    """Return which data point message the field `tag` of a Metric holds, or NO_DATA."""
    if tag in (GAUGE, SUM):
        return NUMBER_POINT
    if tag == HISTOGRAM:
        return HISTOGRAM_POINT
    if tag == EXPONENTIAL_HISTOGRAM:
        return EXPONENTIAL_HISTOGRAM_POINT
    if tag == SUMMARY:
        return SUMMARY_POINT
    return NO_DATA


@inner
def attributes_tag(message: Int) -> Int:
    """Return the tag of the attributes of a data point message."""
    if message == HISTOGRAM_POINT:
        return 0x4A
    if message == EXPONENTIAL_HISTOGRAM_POINT:
        return 0x0A
    return 0x3A


@inner
def flags_tag(message: Int) -> Int:
    """Return the tag of the flags of a data point message."""
    if message in (HISTOGRAM_POINT, EXPONENTIAL_HISTOGRAM_POINT):
        return 0x50
    return 0x40


@inner
def rest_splits_at(message: Int) -> Int:
    """Return the field number that separates what a point's rest has before attributes and flags from what is behind.

    Writing in the order of numbers makes the bytes equal to protobuf's own. A number point's value stands there too.
    """
    if message == NUMBER_POINT:
        return 6
    if message == HISTOGRAM_POINT:
        return 9
    if message == EXPONENTIAL_HISTOGRAM_POINT:
        return 10
    return 7
