"""What the API does with hosts."""

import asyncio
from typing import Protocol

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from phoenix.collector.validate.binary_check.errors import SandboxUnavailableError
from phoenix.control.fleet.diagnosis import diagnosis_of
from phoenix.control.fleet.errors import (
    ConfigRefusedError,
    HostEnrolmentDeniedError,
    HostNameInvalidError,
    HostNameTakenError,
    HostNotFoundError,
    SelectorInvalidError,
)
from phoenix.control.fleet.schemas import (
    DiagnosisSchema,
    EnrolRequest,
    EnrolResponse,
    HistoryRequest,
    HostEventSchema,
    HostHistory,
    HostList,
    HostListRequest,
    HostRequest,
    HostSchema,
    RestoreRequest,
)
from phoenix.control.fleet.selector import Selector
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.telemetry import FleetTelemetry
from phoenix.core.ids import HostId
from phoenix.edge.operation import Call, Operation
from phoenix.edge.principal import Principal, PrincipalKind


class Enrolments(Protocol):
    """`phoenix.control.identity.service.Identity`."""

    async def spend_enrolment(self, session: AsyncSession, principal: Principal) -> None:
        """Use an enrolment token for one host; a caller of another kind needs none."""
        ...


class Connections(Protocol):
    """`phoenix.edge.opamp.app.OpampApp`."""

    async def close_host(self, host: str, reason: str) -> None:
        """Close every connection of a host."""
        ...


class _Calls:
    """What the operations do."""

    def __init__(
        self, fleet: Fleet, telemetry: FleetTelemetry, enrolments: Enrolments, connections: Connections
    ) -> None:
        self._fleet, self._telemetry, self._enrolments = fleet, telemetry, enrolments
        self._connections = connections
        self._closing: set[asyncio.Task[None]] = set()

    async def list_(self, call: Call, request: HostListRequest) -> HostList:
        hosts = await self._fleet.hosts(call.session, Selector.parse(request.selector))
        return HostList(hosts=tuple(map(HostSchema.of, hosts)))

    async def get(self, call: Call, request: HostRequest) -> HostSchema:
        return HostSchema.of(await self._fleet.get(call.session, request.host))

    async def history(self, call: Call, request: HistoryRequest) -> HostHistory:
        events = await self._fleet.history(call.session, request.host, limit=request.limit)
        return HostHistory(events=tuple(map(HostEventSchema.of, events)))

    async def diagnose(self, call: Call, request: HostRequest) -> DiagnosisSchema:
        return DiagnosisSchema.of(*await diagnosis_of(call.session, self._fleet, self._telemetry, request.host))

    async def enrol(self, call: Call, request: EnrolRequest) -> EnrolResponse:
        if request.again and call.principal.kind is PrincipalKind.ENROLMENT:
            raise HostEnrolmentDeniedError("an enrolment token takes in new hosts only", host=request.name)
        await self._fleet.prepare(request.config, call.now)
        await self._enrolments.spend_enrolment(call.session, call.principal)
        enrolled = await self._fleet.enrol(
            call.session,
            name=request.name,
            labels=request.labels,
            config_text=request.config,
            now=call.now,
            again=request.again,
        )
        if request.again:
            self._close_after_commit(call.session, enrolled.host.id)
        return EnrolResponse.of(enrolled)

    def _close_after_commit(self, session: AsyncSession, host: HostId) -> None:
        """Cut off whoever came with the credential that was just renewed; other replicas do at their next look."""

        def close(_session: Session) -> None:
            task = asyncio.get_running_loop().create_task(self._connections.close_host(host, "enrolled again"))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

        event.listen(session.sync_session, "after_commit", close, once=True)

    async def restore(self, call: Call, request: RestoreRequest) -> HostSchema:
        host = await self._fleet.get(call.session, request.host)
        await self._fleet.restore(call.session, [host.id], reason=request.reason, now=call.now)
        return HostSchema.of(await self._fleet.get(call.session, host.id))


def operations(
    fleet: Fleet, telemetry: FleetTelemetry, enrolments: Enrolments, connections: Connections
) -> tuple[Operation, ...]:
    """Return the operations on hosts."""
    calls = _Calls(fleet, telemetry, enrolments, connections)
    return (*_reading(calls), *_changing(calls))


def _reading(calls: _Calls) -> tuple[Operation, ...]:
    return (
        Operation(
            name="hosts.list",
            summary="List the hosts with their state and what they run.",
            method="GET",
            path="/hosts",
            scope="hosts:read",
            request=HostListRequest,
            response=HostList,
            call=calls.list_,
            errors=(SelectorInvalidError,),
        ),
        Operation(
            name="hosts.get",
            summary="Show one host.",
            method="GET",
            path="/hosts/{host}",
            scope="hosts:read",
            request=HostRequest,
            response=HostSchema,
            call=calls.get,
            errors=(HostNotFoundError,),
        ),
        Operation(
            name="hosts.history",
            summary="Show what happened to a host, oldest first.",
            method="GET",
            path="/hosts/{host}/history",
            scope="hosts:read",
            request=HistoryRequest,
            response=HostHistory,
            call=calls.history,
            errors=(HostNotFoundError,),
        ),
        Operation(
            name="hosts.diagnose",
            summary="Say what ails a host, and what to do next.",
            method="GET",
            path="/hosts/{host}/diagnosis",
            scope="hosts:read",
            request=HostRequest,
            response=DiagnosisSchema,
            call=calls.diagnose,
            errors=(HostNotFoundError,),
        ),
    )


def _changing(calls: _Calls) -> tuple[Operation, ...]:
    return (
        Operation(
            name="hosts.enrol",
            summary="Take a host in; the answer has its credential.",
            method="POST",
            path="/hosts",
            scope="hosts:enrol",
            request=EnrolRequest,
            response=EnrolResponse,
            call=calls.enrol,
            errors=(
                HostNameInvalidError,
                HostNameTakenError,
                HostEnrolmentDeniedError,
                ConfigRefusedError,
                SandboxUnavailableError,
            ),
            status=201,
        ),
        Operation(
            name="hosts.restore",
            summary="Let a host go back to its last verified config.",
            method="POST",
            path="/hosts/{host}/restore",
            scope="hosts:write",
            request=RestoreRequest,
            response=HostSchema,
            call=calls.restore,
            errors=(HostNotFoundError,),
        ),
    )
