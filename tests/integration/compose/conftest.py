"""Fixtures: a sink that stands for the server."""

import pytest
from tests.support.live.otlp_sink import otlp_sink


@pytest.fixture
def sink():
    with otlp_sink() as server:
        yield server
