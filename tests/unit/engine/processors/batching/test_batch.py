"""Batches are cut where the collector cuts them, and sent by its clock."""

import numpy as np
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.replay.metrics_configs import metrics_config

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.frame import Level
from phoenix.engine.kernels.batch_sending_kernel import Requests, Rule, play
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode

SECOND = 10**9


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(0, 100, 0), [(3, 5, 0), (4, 5, 1), (9, 30, 2)]),
        (Rule(10, 100, 0), [(7, 10, 1), (9, 35, 2)]),
        (Rule(10, 4, 4), [(4, 5, 1), (3, 15, 1), (4, 30, 2), (4, 30, 2), (1, 35, 2)]),
        (Rule(1000, 9, 9), [(9, 30, 2), (7, 35, 2)]),
        (Rule(1000, 14, 15), [(15, 30, 2), (1, 35, 2)]),
        (Rule(10, 15, 5), [(5, 10, 1), (2, 20, 1), (5, 35, 2)]),
    ],
)
def test_sends_by_size_by_time_and_once_at_the_end(rule, expected):
    requests = Requests(np.array([5, 5, 30]), np.array([3, 4, 9]), 0, 35)
    sends = play(requests, rule)
    assert list(zip(*(column.tolist() for column in sends), strict=True)) == expected


def test_cuts_metrics_and_loses_what_is_left():
    document = metrics_config("batch", "{batch: {timeout: 1h, send_batch_size: 4, send_batch_max_size: 4}}")
    frame = ColumnarEvaluator().run(document, _capture(points=3))
    # Nine points: two full batches by size, and the last one at the end.
    batch = frame.spread(frame.resources.parent, Level.RESOURCE, Level.POINT)
    assert np.bincount(batch).tolist() == [4, 4, 1]
    # The part that is cut off has no metadata.
    pool = frame.pools.metrics
    assert [len(pool[row].metadata) for row in frame.metrics.value.tolist()] == [1, 0, 1, 0, 1]


def test_a_metric_that_is_cut_may_stand_for_one_that_is_gone():
    document = metrics_config("batch", "{batch: {timeout: 1h, send_batch_size: 4, send_batch_max_size: 4}}")
    capture = decode([_request(0, 5).SerializeToString(), _request(1, 0).SerializeToString()])
    frame = ColumnarEvaluator().run(document, capture)
    # As many rows as before: one was cut in two, and the one without points is gone.
    assert frame.points.metric.tolist() == [0, 0, 0, 0, 1]


def _capture(points: int) -> Capture:
    return decode([_request(number, points).SerializeToString() for number in range(3)])


def _request(number: int, points: int) -> ExportMetricsServiceRequest:
    request = ExportMetricsServiceRequest()
    metric = request.resource_metrics.add().scope_metrics.add().metrics.add(name="m")
    metric.metadata.add(key="k").value.int_value = 1
    metric.gauge.SetInParent()
    for index in range(points):
        metric.gauge.data_points.add(time_unix_nano=(1_790_000_000 + number) * SECOND, as_int=index)
    return request
