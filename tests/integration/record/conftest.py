"""Fixtures: `collector_binary`; `own_mark`, by which the processes of one test are told from all others."""

import uuid
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def collector_binary():
    return Path("/tmp/lab/build/otelcol-phoenix")


@pytest.fixture
def own_mark(monkeypatch):
    mark = f"PHOENIX_TEST_MARK={uuid.uuid4().hex}"
    monkeypatch.setenv(*mark.split("="))
    return mark
