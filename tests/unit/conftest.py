"""Unit tests: no sockets, and two seconds of processor time a test.

Processor time, not wall time: a busy machine must not fail a test. Traced by coverage, code runs several times slower.
"""

import sys
import time

import pytest
from pytest_socket import disable_socket

from phoenix.telemetry.codec import decode, encode

CPU_SECONDS = 2.0
TRACED_FACTOR = 6.0


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels():
    """The codec's kernels, compiled or taken from the cache before any test's time is counted."""
    encode(decode([]))


@pytest.fixture(autouse=True)
def no_sockets():
    disable_socket(allow_unix_socket=True)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    begun = time.process_time()
    result = yield
    used = time.process_time() - begun
    allowed = CPU_SECONDS * (TRACED_FACTOR if "coverage" in sys.modules else 1.0)
    assert used < allowed, f"a unit test may use {allowed} s of processor time; this one used {used:.1f} s"
    return result
