"""Fixtures: `collector`; `own_mark`, by which the processes of one test are told from all others."""

import uuid

import pytest

from phoenix.collector.binary.find import find_collector


@pytest.fixture(scope="session")
def collector(collector_binary):
    return find_collector(named=collector_binary)


@pytest.fixture
def own_mark(monkeypatch):
    mark = f"PHOENIX_TEST_MARK={uuid.uuid4().hex}"
    monkeypatch.setenv(*mark.split("="))
    return mark
