"""Fixtures for every suite: the programs, built when they are not there yet, a running harness, a cache folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from phoenix.collector.binary.build import Built, build
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.settings.load import load_settings

# Hypothesis judges examples by wall time unless told otherwise, and a busy machine must not fail a test.
settings.register_profile("phoenix", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("phoenix")


@pytest.fixture(scope="session")
def built_programs() -> Built:
    return build(load_settings().cache_dir)


@pytest.fixture(scope="session")
def collector_binary(built_programs: Built) -> Path:
    return built_programs.collector


@pytest.fixture(scope="session")
def harness_binary(built_programs: Built) -> Path:
    return built_programs.harness


@pytest.fixture(scope="session")
def private_cache(built_programs: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the programs in it and nothing else, so that no other run's captures and loads are met."""
    folder = tmp_path_factory.mktemp("cache")
    (folder / "bin").mkdir()
    (folder / "bin" / built_programs.collector.parent.name).symlink_to(built_programs.collector.parent)
    return folder


@pytest.fixture(scope="session")
def harness(harness_binary: Path) -> Iterator[HarnessReplay]:
    with HarnessReplay(harness_binary) as evaluator:
        yield evaluator
