"""Fixtures: `folder`, where a simulation of this test lives; afterwards no process of it may be left."""

import pytest
from tests.support.machine.simulated import marked


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "loadsim"
    yield place
    assert not marked(place)
