"""The composition root: every feature made once, with what it needs, and put behind its edges."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, disable_created_metrics
from starlette.types import ASGIApp

from phoenix.control.identity.service import Identity
from phoenix.core.clock import Clock
from phoenix.edge.http.app import Api, ApiLimits, rest_app
from phoenix.edge.http.metrics import ApiMetrics
from phoenix.edge.otlp.over_http import OtlpHttp
from phoenix.edge.otlp.receiving import Receiver
from phoenix.server.features import running_features
from phoenix.server.folder import DataFolder
from phoenix.server.ingest_metrics import IngestMetrics
from phoenix.server.ports.dispatch import Dispatcher
from phoenix.server.ports.grpc_ingest import grpc_ingest
from phoenix.server.ports.listening import Tls
from phoenix.server.readiness import database_checks, ingest_check
from phoenix.settings.model import Settings
from phoenix.settings.server import ServerSettings
from phoenix.store.database import Database
from phoenix.store.leases import Leases
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
        drain: sends away whoever stays connected; called before the sockets are closed.
        facts: what the command that started the server is told.
    """

    web: ASGIApp
    drain: Callable[[], Awaitable[None]]
    facts: Mapping[str, Any]


@contextlib.asynccontextmanager
async def application(settings: Settings, place: Place, clock: Clock) -> AsyncIterator[Application]:
    """Give the application, its database migrated, its loops and gRPC server running.

    Raises:
        PhoenixError: the database cannot be opened or upgraded, a port is taken, or there is no fit collector.
    """
    own, registry = settings.server, CollectorRegistry()
    # The times at which counters were made look like counters of their own.
    disable_created_metrics()  # type: ignore[no-untyped-call] # the library has no types there
    async with contextlib.AsyncExitStack() as stack:
        database = Database.open(_database_url(own, place.folder))
        stack.push_async_callback(database.close)
        await upgrade(database)
        features = await stack.enter_async_context(running_features(settings, database, clock, registry, url=place.url))
        receiver = Receiver(features.metering, features.identity)
        registry.register(IngestMetrics(receiver.counters, features.metering))
        grpc_address = await stack.enter_async_context(grpc_ingest(receiver, own, place.tls))
        token = await _first_start(features.identity, database, place.folder, clock)
        api = Api(
            operations=features.operations,
            database=database,
            authenticator=features.identity,
            clock=clock,
            metrics=ApiMetrics(registry),
            checks={**database_checks(database, Leases(database, clock)), "ingest": ingest_check(features.metering)},
            limits=_limits(own),
            version=version("phoenix-platform"),
        )
        web = Dispatcher({"/v1/opamp": features.opamp, "/otlp/": OtlpHttp(receiver)}, rest_app(api))
        facts = {"grpc": grpc_address, "admin_token": token}
        yield Application(web, features.opamp.close, facts)


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
