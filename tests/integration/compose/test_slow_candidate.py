"""What a candidate slower than its scrapes does to the boundary, and which of the collector's own metrics show it.

The boundary takes one request in work and one for each core, then it waits, and production with it. Own metrics that
tell, from the first to the last:
- the time of the candidate's processors (`internal_duration`) against the time between two reports: near 1 means that
  a scrape takes as long as it takes until the next one comes;
- the points the receivers accepted less those that the candidate's first processor took: what waits at the boundary.
`batch` itself counts no items, neither in nor out.
"""

import os
import time

import pytest
from tests.support.live.collector import free_port, live_collector, send
from tests.support.live.otlp_sink import own_values
from tests.support.live.pairs import config, otlp, paired
from tests.support.replay.process_requests import scrapes

from phoenix.collector.compose.model import Arm
from phoenix.telemetry.codec import decode, encode

CORES = len(os.sched_getaffinity(0))
REQUESTS = encode(scrapes([float(number) for number in range(CORES + 2)], processes=600))
POINTS = [len(decode([request]).points) for request in REQUESTS]
FAST = '{attributes: [{key: "here", value: "yes", action: insert}]}'


def slow(statements: int) -> str:
    """Return a transform that costs a core about 3 microseconds for each statement and point."""
    lines = (
        f'\'set(datapoint.attributes["x"], SHA256(Concat([metric.name, "{number}"], "-")))\''
        for number in range(statements)
    )
    return f"{{metric_statements: [{', '.join(lines)}]}}"


@pytest.fixture
def stuck(collector_binary, tmp_path, sink):
    """A collector whose candidate is busy with the first request for many seconds; and its config."""
    port = free_port()
    processors = {"resource/fast": FAST, "transform/slow": slow(4000)}
    candidate = config(otlp(port), tmp_path, processors)
    composed = paired(config(otlp(port), tmp_path), candidate, sink.url, own_interval_seconds=0.2)
    with live_collector(collector_binary, tmp_path, composed.text) as live:
        yield live, port, composed
        # It would finish everything that waits before it stops.
        live.process.kill()


def test_holds_one_request_in_work_and_one_for_each_core_and_then_waits(stuck, sink):
    live, port, composed = stuck
    assert send(port, REQUESTS[: CORES + 1]) == [200] * (CORES + 1)
    assert len(live.wait_for_written(CORES + 1)) == CORES + 1

    with pytest.raises(TimeoutError):
        send(port, REQUESTS[CORES + 1 :], timeout=1)
    assert live.process.poll() is None

    sent = time.time()
    sink.wait_for("/own/", len(sink.received("/own/")) + 2)
    last = next(request for request in reversed(sink.received("/own/")) if request.at > sent).message
    accepted = own_values(last, "otelcol_receiver_accepted_metric_points", "receiver")["otlp"]
    incoming = own_values(last, "otelcol_processor_incoming_items", "processor")
    first, second = composed.processors[Arm.CANDIDATE]
    assert accepted - incoming[first] == sum(POINTS[1 : CORES + 1])
    assert second not in incoming


def test_its_processors_time_tells_before_anything_waits(collector_binary, tmp_path, sink):
    port = free_port()
    candidate = config(otlp(port), tmp_path, {"transform/slow": slow(60)})
    composed = paired(config(otlp(port), tmp_path), candidate, sink.url, own_interval_seconds=0.2)
    (processor,) = composed.processors[Arm.CANDIDATE]
    with live_collector(collector_binary, tmp_path, composed.text):
        for _ in range(8):
            assert send(port, REQUESTS[:1]) == [200]
            time.sleep(0.25)
        sink.wait_for("/candidate/", 8)
        seen = len(sink.received("/own/"))
        sink.wait_for("/own/", seen + 2)
    last = sink.received("/own/")[-1].message
    seconds = own_values(last, "otelcol_processor_internal_duration", "processor")[processor]
    incoming = own_values(last, "otelcol_processor_incoming_items", "processor")[processor]
    assert incoming == own_values(last, "otelcol_receiver_accepted_metric_points", "receiver")["otlp"] == 8 * POINTS[0]
    assert 0.01 < seconds / 8 < 10


def test_points_of_a_failing_candidate_count_as_taken(collector_binary, tmp_path, sink):
    # So what fails is not taken for what is slow.
    port = free_port()
    fails = '{error_mode: propagate, metric_statements: [\'set(resource.attributes["x"], ParseJSON("{"))\']}'
    candidate = config(otlp(port), tmp_path, {"transform/fails": fails})
    composed = paired(config(otlp(port), tmp_path), candidate, sink.url, own_interval_seconds=0.2)
    (processor,) = composed.processors[Arm.CANDIDATE]
    with live_collector(collector_binary, tmp_path, composed.text) as live:
        assert send(port, REQUESTS[:2]) == [200] * 2
        live.wait_for_written(2)
    last = sink.received("/own/")[-1].message
    assert own_values(last, "otelcol_processor_incoming_items", "processor")[processor] == sum(POINTS[:2])
    assert own_values(last, "otelcol_processor_outgoing_items", "processor")[processor] == 0
