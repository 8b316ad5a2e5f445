"""Requests for meters: counters and gauges of processes at given times, and measures in a form that compares."""

from collections.abc import Iterable
from dataclasses import asdict

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric

from phoenix.telemetry.codec import decode
from phoenix.telemetry.window import Carry, Labels, Part, WindowMeasure, WindowPlan, finish, measure_windows, merge

SECOND = 10**9
# A minute's beginning.
MINUTE = 1_790_000_040 * SECOND
KEY = b"a key of a test."
CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA


class Body:
    """A request that is added to: `Body().counter("a.b", 5, time=MINUTE)`."""

    def __init__(self) -> None:
        self.request = ExportMetricsServiceRequest()

    def counter(self, name, value, *, time, start=1, pid=1, executable="app", host="h", delta=False):
        metric = self._metric(name, pid, executable, host)
        metric.sum.is_monotonic = True
        metric.sum.aggregation_temporality = DELTA if delta else CUMULATIVE
        self._point(metric.sum.data_points.add(time_unix_nano=time, start_time_unix_nano=start), value)
        return self

    def gauge(self, name, value, *, time, pid=1, executable="app", host="h"):
        metric = self._metric(name, pid, executable, host)
        self._point(metric.gauge.data_points.add(time_unix_nano=time), value)
        return self

    def _metric(self, name, pid, executable, host) -> Metric:
        resource = self.request.resource_metrics.add()
        attributes = resource.resource.attributes
        if pid is not None:
            attributes.add(key="process.pid").value.int_value = pid
            attributes.add(key="process.executable.name").value.string_value = executable
        if host is not None:
            attributes.add(key="host.name").value.string_value = host
        return resource.scope_metrics.add().metrics.add(name=name)

    def _point(self, point, value):
        if isinstance(value, int):
            point.as_int = value
        else:
            point.as_double = value

    @property
    def written(self) -> bytes:
        return self.request.SerializeToString(deterministic=True)


def parts_of(requests: Iterable[bytes], plan: WindowPlan, labels: Labels | None = None) -> tuple[Part, ...]:
    """Return the parts of a capture of these requests together."""
    return measure_windows(decode(list(requests)), plan, labels or Labels(KEY)).parts


def window_of(
    bodies: Iterable[Body], plan: WindowPlan | None = None, carry: Carry | None = None
) -> tuple[WindowMeasure, Carry]:
    """Return the one window that these bodies make, and what it leaves behind."""
    plan = plan or WindowPlan(60.0)
    parts = [part for body in bodies for part in parts_of([body.written], plan)]
    return finish(merge(parts, plan.max_series), plan, carry or Carry())


def shown(measure: WindowMeasure) -> str:
    """Return all of a measure as text: equal when everything is, NaN included."""
    said = asdict(measure)
    said["series"] = {
        "hashes": measure.series.hashes.tolist(),
        "points": measure.series.points.tolist(),
        "values": measure.series.values.tolist(),
        "truncated": measure.series.truncated,
    }
    return repr(said)
