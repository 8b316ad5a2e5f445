"""The kernel of statements, compiled before any test's time is counted."""

import pytest
from tests.support.engine.small_frames import group, run, small_frame


@pytest.fixture(scope="session", autouse=True)
def compiled_statements():
    run(small_frame([("a", [1])]), group('set(resource.attributes["x"], datapoint.value_int)'))
