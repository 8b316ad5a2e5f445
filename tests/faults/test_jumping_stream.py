"""A stream whose times jump while an experiment measures: what a host's clock does that is set by years."""

import time

import httpx
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from tests.support.metering.telemetry import SECOND, Body
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane

from phoenix.collector.supervised.files import read_environment
from phoenix.collector.supervised.model import TOKEN_VARIABLE


@pytest.mark.parametrize("years", [10, -10])
def test_a_stream_whose_times_jump_costs_gaps_and_says_why(plane: Plane, host: FaultHost, critical: str, years: int):
    measured = Measured.begin(plane, host, critical, windows=4)
    measured.until_pairs(1)
    revision = plane.host(host.name)["desired"]
    token = read_environment(host.files)[TOKEN_VARIABLE]
    at = time.time_ns() + years * 365 * 86_400 * SECOND
    said = []
    with httpx.Client(trust_env=False, base_url=plane.url, timeout=30) as client:
        for number in range(20):
            body = Body().gauge("process.jump", number, time=at + number * SECOND).written
            for arm in ("baseline", "candidate"):
                answer = client.post(
                    f"/otlp/{measured.experiment}/{arm}/{revision}/v1/metrics",
                    content=body,
                    headers={"authorization": f"Bearer {token}", "content-type": "application/x-protobuf"},
                )
                assert answer.status_code == 200
                said.append(ExportMetricsServiceResponse.FromString(answer.content).partial_success)
    assert said[0].rejected_data_points == 1
    assert "time that does not follow" in said[0].error_message or "window was closed" in said[0].error_message
    measured.completes()
    assert any("clock was set" in gap["reason"] for gap in measured.gaps), measured.gaps
