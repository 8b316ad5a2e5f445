"""Gathers what a diagnosis is made of: rows, history, and the collector's reports about itself."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Arm
from phoenix.control.fleet.model import ConfigRevision, Host
from phoenix.control.fleet.rules.diagnosis import Diagnosis, Symptoms, diagnose
from phoenix.control.fleet.rules.evidence import Readings, judge
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.telemetry import FleetTelemetry

_LOOKED_BACK: Final = timedelta(minutes=3)
_EVENTS: Final = 100


async def diagnosis_of(
    session: AsyncSession, fleet: Fleet, telemetry: FleetTelemetry, host_id: str, *, log: str = ""
) -> tuple[Host, Diagnosis]:
    """Return a host and what ails it; the same on every replica, for it reads rows.

    `log` is what its user found in the log on the host; else what the host itself said is shown.

    Raises:
        HostNotFoundError: there is no such host.
    """
    now = fleet.clock.now()
    host = await fleet.get(session, host_id)
    since = int((now - _LOOKED_BACK).timestamp() * 1e9)
    reports = await telemetry.own_readings(session, host.id, since)
    offered = None if host.offered is None else await fleet.revision(session, host.offered)
    verdict = None
    if offered is not None:
        readings = Readings(offered.id)
        for report in reports:
            readings = readings.with_reading(report)
        seen = _arms_seen(telemetry, host, offered)
        verdict = judge(offered, readings, effective=host.effective, arms_seen=seen, since=_offered_at(host, now))
    symptoms = Symptoms(
        host=host,
        now=now,
        events=await fleet.history(session, host.id, limit=_EVENTS),
        offered=offered,
        verdict=verdict,
        latest=reports[-1] if reports else telemetry.latest_own(host.id),
        ingest_ready=telemetry.ready,
        log=log,
    )
    return host, diagnose(symptoms)


def _offered_at(host: Host, now: datetime) -> datetime:
    """Return since when evidence counts; a clock that was set back leaves times to come, which say nothing."""
    at = host.offered_at
    return host.enrolled_at if at is None or at > now else at


def _arms_seen(telemetry: FleetTelemetry, host: Host, revision: ConfigRevision) -> dict[Arm, datetime]:
    if revision.experiment is None:
        return {}
    times = {arm: telemetry.arm_seen(revision.experiment, host.id, arm.value, revision.id) for arm in Arm}
    return {arm: at for arm, at in times.items() if at is not None}
