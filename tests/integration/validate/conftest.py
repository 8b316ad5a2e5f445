"""The real collector, for tests that compare what Phoenix says with what it says."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def collector_binary() -> Path:
    return Path("/tmp/lab/build/otelcol-phoenix")
