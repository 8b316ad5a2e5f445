"""The composition root: every feature made once, with what it needs, and put behind its edges."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from phoenix.collector.binary.find import find_collector
from phoenix.collector.catalogue.parameters.common import CRITICAL_PROCESSES
from phoenix.collector.catalogue.parameters.reading import patterns
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.identity.operations import operations as identity_operations
from phoenix.control.identity.service import Identity
from phoenix.control.pipelines.checking import Checker
from phoenix.control.pipelines.operations import operations as pipeline_operations
from phoenix.control.pipelines.service import Pipelines
from phoenix.core.clock import Clock
from phoenix.edge.http.app import Api, ApiLimits, rest_app
from phoenix.edge.http.metrics import ApiMetrics
from phoenix.server.dispatch import Dispatcher
from phoenix.server.folder import DataFolder
from phoenix.server.listening import Tls
from phoenix.server.readiness import database_checks
from phoenix.settings.model import Settings
from phoenix.settings.server import ServerSettings
from phoenix.store.database import Database
from phoenix.store.migrations.runner import upgrade


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is.

    Attributes:
        folder: its data.
        url: how hosts reach it.
        tls: None for plaintext.
    """

    folder: DataFolder
    url: str
    tls: Tls | None


@dataclass(frozen=True, slots=True)
class Application:
    """The server, but for its sockets.

    Attributes:
        web: answers everything on the one port.
        facts: what the command that started the server is told.
    """

    web: ASGIApp
    facts: Mapping[str, Any]


@contextlib.asynccontextmanager
async def application(settings: Settings, place: Place, clock: Clock) -> AsyncIterator[Application]:
    """Give the application, its database migrated and its loops running.

    Raises:
        PhoenixError: the database cannot be opened or upgraded, or a port is taken.
    """
    own = settings.server
    async with contextlib.AsyncExitStack() as stack:
        database = Database.open(_database_url(own, place.folder))
        stack.push_async_callback(database.close)
        await upgrade(database)
        collector = find_collector(named=settings.collector.binary, cache=settings.cache_dir)
        identity = Identity(database, clock)
        critical = patterns(settings.critical_processes or CRITICAL_PROCESSES.default)
        pipelines = Pipelines(Checker(Sandbox(collector.path), critical))
        facts = {"admin_token": await _first_start(identity, database, place.folder, clock)}
        api = Api(
            operations=(*identity_operations(identity), *pipeline_operations(pipelines)),
            database=database,
            authenticator=identity,
            clock=clock,
            metrics=ApiMetrics(CollectorRegistry()),
            checks=database_checks(database),
            limits=_limits(own),
            version=version("phoenix-platform"),
        )
        yield Application(Dispatcher({}, rest_app(api)), facts)


async def _first_start(identity: Identity, database: Database, folder: DataFolder, clock: Clock) -> str | None:
    """Return the admin's token on the database's first start, kept in the data folder too."""
    async with database.transaction() as session:
        token = await identity.first_start(session, clock.now())
        if token is not None:
            # Before the commit: a token that is valid and in nobody's hands could not be had again.
            folder.keep_admin_token(token)
    return token


def _database_url(settings: ServerSettings, folder: DataFolder) -> str:
    return settings.database_url.get_secret_value() if settings.database_url else folder.sqlite_url


def _limits(settings: ServerSettings) -> ApiLimits:
    return ApiLimits(
        requests_per_minute=settings.requests_per_minute,
        max_body_bytes=settings.max_body_bytes,
        request_seconds=settings.request_timeout,
        body_seconds=settings.body_timeout,
    )
