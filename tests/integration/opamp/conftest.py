"""Fixtures: `tokens`, `handler`; `limits`, which a test may set; `registry`, `app`, and `port` where it is served."""

import pytest
from prometheus_client import CollectorRegistry
from tests.support.opamp.handler import RecordingHandler, Tokens
from tests.support.opamp.server import serving

from phoenix.core.clock import SystemClock
from phoenix.edge.opamp.app import OpampApp
from phoenix.edge.opamp.limits import OpampLimits
from phoenix.edge.principal import PrincipalKind


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def tokens():
    return Tokens(alice=PrincipalKind.USER, enrol=PrincipalKind.ENROLMENT)


@pytest.fixture
def handler():
    return RecordingHandler()


@pytest.fixture
def limits(request):
    """The limits of the server; a test names those it changes with `indirect`."""
    return OpampLimits(**getattr(request, "param", {}))


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def app(tokens, handler, limits, registry):
    return OpampApp(tokens, handler, SystemClock(), limits=limits, registry=registry)


@pytest.fixture
async def port(app):
    async with serving(app) as port:
        yield port


@pytest.fixture
def counted(registry):
    """Reads a counter by its name and labels."""

    def value(name, **labels):
        return registry.get_sample_value(f"{name}_total", labels) or 0

    return value
