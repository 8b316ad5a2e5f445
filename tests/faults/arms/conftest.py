"""Fixtures of the rows about candidates: one server and one host for all of them.

Each test begins and ends with the host on its verified config, so the next one needs no new host.
"""

from collections.abc import Iterator

import pytest
from tests.support.live.collector import free_port
from tests.support.plane.host import FaultHost
from tests.support.plane.ingest_proxy import Proxy, proxy_to
from tests.support.plane.plane import Plane
from tests.support.plane.processes import KEPT, running
from tests.support.plane.serving import serving, supervised

from phoenix.collector.binary.build import Built


@pytest.fixture(scope="module")
def critical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A process that must be kept, beside others: its executable's name."""
    with running(tmp_path_factory.mktemp("processes")):
        yield KEPT


@pytest.fixture(scope="module")
def ingest() -> Iterator[Proxy]:
    """Stands before the server's ingest, for hosts only; hands everything on unless a test says otherwise."""
    with proxy_to(free_port()) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def plane(ingest: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, port=ingest.port, PUBLIC_URL=ingest.url, DEPLOY_TIMEOUT="18s") as plane:
        yield plane


@pytest.fixture(scope="module")
def host(
    plane: Plane, critical: str, built_programs: Built, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FaultHost]:
    with supervised(plane, built_programs, tmp_path_factory.mktemp("host")) as host:
        yield host
