"""Deploying: wait until every host proves the config, one fails, or the time is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.experiments.errors import DeploymentTimeoutError, HostFailedError
from phoenix.control.experiments.judging.candidate import CandidateFacts
from phoenix.control.experiments.judging.watching import Outlook, gather, judge
from phoenix.control.experiments.model import Experiment, Phase
from phoenix.control.experiments.phases.step import names, overdue, stopped, turn_back
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Host, HostState
from phoenix.decide.arms.guardrails.model import Guardrail
from phoenix.decide.arms.guardrails.table import harmful


@dataclass(frozen=True, slots=True)
class Seen:
    """The hosts; `harm` when the candidate harms one of their collectors."""

    hosts: Sequence[Host]
    harm: Guardrail | None


@dataclass(frozen=True, slots=True)
class Deploying:
    """The fleet offers and proves; this only looks.

    A candidate that holds its collector up is not waited for: production may not get through, and so prove nothing.
    """

    rooms: Rooms

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Seen:  # noqa: ARG002 - of the protocol
        """Return the hosts, and what the candidate does to their collectors."""
        hosts = await self.rooms.fleet.many(session, experiment.host_ids)
        material = await gather(self.rooms, session, experiment)
        facts = CandidateFacts.of(await self.rooms.pipelines.get(session, experiment.design.candidate))
        judgement = await judge(self.rooms, experiment, material, facts, Outlook())
        return Seen(hosts, harmful(judgement.guardrails))

    async def act(self, session: AsyncSession, experiment: Experiment, seen: Seen, now: datetime) -> Experiment:
        """Move on, turn back, or say which hosts are waited for."""
        rooms = self.rooms
        failed = first_failure(experiment, seen.hosts)
        if failed is not None:
            return await turn_back(
                rooms, session, experiment, Phase.FAILED, now=now, reason=failed.message, cause=failed
            )
        if seen.harm is not None:
            return await stopped(rooms, session, experiment, seen.harm, now)
        missing = set(experiment.host_ids) - {host.id for host in seen.hosts if host.proved == experiment.revision}
        if not missing:
            until = now + timedelta(seconds=experiment.design.measuring_seconds)
            running = experiment.moved_to(Phase.RUNNING, now).until(until)
            reason = "every host proved the config"
            return await rooms.journal.move(session, experiment, running, now=now, reason=reason)
        where = names(experiment, missing)
        if overdue(experiment, now):
            late = DeploymentTimeoutError(
                f"after {experiment.deploy_seconds:.0f} s the config is not proved on {where}", hosts=sorted(missing)
            )
            return await turn_back(rooms, session, experiment, Phase.FAILED, now=now, reason=late.message, cause=late)
        return replace(experiment, waiting=f"Waiting for telemetry that proves the config on {where}.")


def first_failure(experiment: Experiment, hosts: Sequence[Host]) -> HostFailedError | None:
    """Return what is wrong with the first host, by name, that cannot run the config or was given another one."""
    for host in sorted(hosts, key=lambda it: it.name):
        what = failure_of(experiment, host)
        if what:
            code = host.failure.code.value if host.failure else ""
            return HostFailedError(f"host {host.name}: {what}", host=host.id, failure=code)
    return None


def failure_of(experiment: Experiment, host: Host) -> str:
    """Return why a host does not run the experiment's config and will not; empty when it does, or may still."""
    if host.failure is not None:
        return f"{host.failure.code.value}: {host.failure.text}"
    if host.state in (HostState.INCOMPATIBLE, HostState.CLASH):
        return f"it is {host.state.value}: {host.reason}"
    if host.desired != experiment.revision:
        return f"it was given another config: {host.desired_reason}"
    return ""
