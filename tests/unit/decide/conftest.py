"""Fixtures of the unit tests of decide.

compiled_kernels  the codec's kernels, compiled before a test is timed
"""

import pytest
from tests.support.loss.records import capture_of, process, process_records, scrape_times

from phoenix.telemetry.measure import measure


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels():
    measure(capture_of(process_records(process(1, "web"), scrape_times(1))))
