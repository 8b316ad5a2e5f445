"""A stream whose times jump while an experiment measures: what a host's clock does that is set by years."""

import time

import httpx
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsPartialSuccess,
    ExportMetricsServiceResponse,
)
from tests.support.metering.telemetry import SECOND, Body
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane

from phoenix.collector.supervised.files import read_environment
from phoenix.collector.supervised.model import TOKEN_VARIABLE

_YEAR = 365 * 86_400


def test_a_stream_whose_times_jump_costs_gaps_and_says_why(plane: Plane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=5)
    for pairs, seconds, why in (
        (1, 10 * _YEAR, "a time that does not follow from the stream's"),
        (2, -10 * _YEAR, "came after their window was closed"),
    ):
        measured.until_pairs(pairs)
        said = _sent(measured, time.time_ns() + seconds * SECOND)
        assert said[0].rejected_data_points == 1
        assert why in said[0].error_message
    measured.completes()
    assert any("clock was set" in gap["reason"] for gap in measured.gaps), measured.gaps
    assert plane.diagnosis(host.name)["ailment"] == "none"


def _sent(measured: Measured, since: int) -> list[ExportMetricsPartialSuccess]:
    """Send twenty scrapes of another time for both arms, as the host itself, and return what is said of each."""
    revision = measured.plane.host(measured.host.name)["desired"]
    headers = {
        "authorization": f"Bearer {read_environment(measured.host.files)[TOKEN_VARIABLE]}",
        "content-type": "application/x-protobuf",
    }
    said = []
    with httpx.Client(trust_env=False, base_url=measured.plane.url, headers=headers, timeout=30) as client:
        for number in range(20):
            body = Body().gauge("process.jump", number, time=since + number * SECOND).written
            for arm in ("baseline", "candidate"):
                answer = client.post(f"/otlp/{measured.experiment}/{arm}/{revision}/v1/metrics", content=body)
                assert answer.status_code == 200, answer.content
                said.append(ExportMetricsServiceResponse.FromString(answer.content).partial_success)
    return said
