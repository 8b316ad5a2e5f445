"""Configs that pass every check of the server and that only the host can refuse."""

import socket
import time

from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane


def test_a_busy_port_leaves_the_host_dark_for_two_scrapes_at_most(plane: Plane, host: FaultHost, critical: str):
    before = plane.host(host.name)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        candidate = host.config.replace(
            "receivers:", f"receivers:\n  otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:{port}}}}}}}", 1
        ).replace("receivers: [host_metrics]", "receivers: [host_metrics, otlp]")
        since = time.time()
        experiment = plane.experiment(
            baseline_pipeline=plane.store("base", host.config),
            candidate_pipeline=plane.store("busy", candidate),
            critical_processes=[critical],
        )
        ended = plane.until_phase(experiment, "failed")
        after = plane.until_proved(host.name)
        until = time.time()
        assert host.missed_scrapes(since, until) <= 2

    assert ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
    assert "exit code 1" in ended["reason"] or "address already in use" in ended["reason"]
    assert after["verified"] == before["verified"]

    # What a supervisor stored last is what it loads at its next start, with no server to ask.
    plane.stop()
    host.stop()
    host.start()
    restarted = time.time()
    time.sleep(5)
    assert any(at > restarted for at in host.scrapes())
