"""Fixtures: `bench` is a fleet of one host with an experiment feature above it, on both databases."""

import pytest
from tests.support.experiments.bench import Bench


@pytest.fixture
async def bench(database):
    made = Bench(database)
    await made.prepare()
    return made
