"""Every feature, made once with what it needs (design, section 3). Who knows whom is decided here and nowhere else."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry

from phoenix.collector.binary.find import find_collector
from phoenix.collector.catalogue.parameters.common import CRITICAL_PROCESSES
from phoenix.collector.catalogue.parameters.reading import patterns
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.experiments.counters import ExperimentCounters
from phoenix.control.experiments.journal import Journal
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.operations import operations as experiment_operations
from phoenix.control.experiments.reconcile import ExperimentLoop
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.experiments.service import Experiments
from phoenix.control.fleet.checking import BinaryChecker
from phoenix.control.fleet.opamp import FleetAgents
from phoenix.control.fleet.operations import operations as host_operations
from phoenix.control.fleet.reconcile import FleetReconciler
from phoenix.control.fleet.rules.track import Limits
from phoenix.control.fleet.service import Fleet
from phoenix.control.identity.operations import operations as identity_operations
from phoenix.control.identity.service import Identity
from phoenix.control.metering.model import MeteringLimits
from phoenix.control.metering.service import Metering
from phoenix.control.pipelines.checking import Checker
from phoenix.control.pipelines.operations import operations as pipeline_operations
from phoenix.control.pipelines.service import Pipelines
from phoenix.core.clock import Clock
from phoenix.edge.opamp.app import OpampApp
from phoenix.edge.operation import Operation
from phoenix.server.loops import Loop, Loops
from phoenix.server.retention import Retention
from phoenix.settings.model import Settings
from phoenix.store.database import Database
from phoenix.store.leases import Leases

_FLEET_SECONDS: Final = 0.5
_EXPERIMENT_SECONDS: Final = 1.0
_RETENTION_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Features:
    """What the edges are given.

    Attributes:
        operations: of every feature.
        opamp: the endpoint of agents; it is closed before the sockets are.
    """

    identity: Identity
    metering: Metering
    opamp: OpampApp
    operations: tuple[Operation, ...]


@contextlib.asynccontextmanager
async def running_features(
    settings: Settings, database: Database, clock: Clock, registry: CollectorRegistry, *, url: str
) -> AsyncIterator[Features]:
    """Give the features on a migrated database, the meter and every loop running until the block ends.

    Args:
        settings: of this process.
        database: migrated.
        clock: everybody's.
        registry: gets their metrics.
        url: how hosts reach this server.

    Raises:
        PhoenixError: there is no fit collector, or the meter cannot be started.
    """
    server = settings.server
    collector = find_collector(named=settings.collector.binary, cache=settings.cache_dir)
    sandbox = Sandbox(collector.path)
    endpoint = PhoenixEndpoint(url, own_interval_seconds=server.own_metrics_interval)
    identity = Identity(database, clock)
    metering = Metering(database, clock, MeteringLimits(workers=server.ingest_processes))
    critical = patterns(settings.critical_processes or CRITICAL_PROCESSES.default)
    pipelines = Pipelines(Checker(sandbox, critical))
    fleet = Fleet(
        clock=clock,
        checker=BinaryChecker(sandbox),
        compose=compose_steady,
        credentials=identity,
        endpoint=endpoint,
        pinned_version=collector.version,
    )
    leases = Leases(database, clock)
    if settings.server.database_url is None:
        # The database in the data folder is ours alone: what a killed server held need not run out first.
        await leases.inherit()
    agents = FleetAgents(fleet, database, metering, replica=leases.holder, limits=Limits(failing=server.exporter_grace))
    opamp = OpampApp(identity, agents, clock, registry=registry)
    counters = ExperimentCounters(registry)
    limits = ExperimentLimits(
        window_seconds=server.window,
        critical=tuple(pattern.text for pattern in critical),
        critical_unmatched=not settings.critical_processes,
        deploy_seconds=server.deploy_timeout,
        restore_seconds=server.restore_timeout,
    )
    rooms = Rooms(clock, fleet, metering, pipelines, Journal(counters), endpoint, limits)
    retention = Retention(database, clock, timedelta(seconds=server.retention), metering, fleet)
    loops = Loops(
        [
            Loop("fleet", FleetReconciler(agents, opamp.last_heard).step, _FLEET_SECONDS),
            Loop("experiments", ExperimentLoop(database, leases, rooms, counters).step, _EXPERIMENT_SECONDS),
            Loop("retention", retention.step, _RETENTION_SECONDS),
        ]
    )
    operations = (
        *identity_operations(identity),
        *pipeline_operations(pipelines),
        *host_operations(fleet, metering, identity, opamp),
        *experiment_operations(Experiments(rooms)),
    )
    # The loops outlive the agents: what these said last is written by them.
    async with metering.running(), loops:
        try:
            yield Features(identity, metering, opamp, operations)
        finally:
            await opamp.close()
