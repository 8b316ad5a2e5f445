"""The captures that statements run on: awkward telemetry in many small requests, and the one that ships."""

import pytest
from tests.integration.engine.processors1.conftest import odd_requests
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.record.shipped import shipped_capture
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.telemetry.capture import Capture


@pytest.fixture(scope="session")
def odd_capture(harness: HarnessReplay) -> Capture:
    """Some hundred small requests as a collector writes them, which is what both evaluators then begin with."""
    return harness.evaluate(metrics_config("", "{}"), odd_requests())


@pytest.fixture(scope="session")
def reference_capture(harness: HarnessReplay) -> Capture:
    """The capture that ships with the project, as a collector writes it."""
    return harness.evaluate(metrics_config("", "{}"), shipped_capture())
