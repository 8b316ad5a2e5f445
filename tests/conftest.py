"""Fixtures for every suite: `collector_binary`, `harness_binary` and `harness`, built when they are not there yet."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from phoenix.collector.binary.build import Built, build
from phoenix.collector.replay.harness import HarnessReplay


@pytest.fixture(scope="session")
def built_programs() -> Built:
    cache = os.environ.get("PHOENIX_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return build(Path(cache) if cache else home / "phoenix")


@pytest.fixture(scope="session")
def collector_binary(built_programs) -> Path:
    return built_programs.collector


@pytest.fixture(scope="session")
def harness_binary(built_programs) -> Path:
    return built_programs.harness


@pytest.fixture(scope="session")
def harness(harness_binary) -> Iterator[HarnessReplay]:
    with HarnessReplay(harness_binary) as evaluator:
        yield evaluator
