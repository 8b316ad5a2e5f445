"""Unit tests: no sockets, and two seconds of processor time a test.

Processor time, not wall time: a busy machine must not fail a test. Traced by coverage, code runs several times slower.
"""

import sys
import time
from io import BytesIO

import pytest
from pytest_socket import disable_socket
from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.jsonlines import read_lines, write_lines

CPU_SECONDS = 2.0
TRACED_FACTOR = 6.0


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels():
    """Every kernel, compiled or taken from the cache before any test's time is counted.

    A clone of its own has a cache of its own: numba keeps compiled code by the path of its source.
    """
    capture = decode(encode(scrapes([0])))
    for _ in read_lines(BytesIO(b"".join(write_lines(capture)))):
        pass


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
