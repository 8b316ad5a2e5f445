"""Running: windows come in, guardrails are asked, and it ends after enough windows or when the time is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.events import service as events
from phoenix.control.experiments.errors import CriticalUnmatchedError, NoWindowsError, TelemetryAwayError
from phoenix.control.experiments.judging.candidate import CandidateFacts
from phoenix.control.experiments.judging.comparing import comparison_document
from phoenix.control.experiments.judging.watching import HostOutlook, Judgement, Outlook, gather, judge
from phoenix.control.experiments.model import Experiment, Phase
from phoenix.control.experiments.phases.deploying import failure_of
from phoenix.control.experiments.phases.quiet import Quiet
from phoenix.control.experiments.phases.step import overdue, stopped, turn_back
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Host, HostState
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import HostId
from phoenix.decide.arms.guardrails.model import Guardrail
from phoenix.decide.arms.guardrails.table import tripped

_PAUSED = "Nothing arrives from any host while they are connected: our ingest may be away. The experiment waits."


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known now; `paused` when it is our side that nothing gets through to, for `silent_seconds` by now."""

    judgement: Judgement
    paused: bool
    silent_seconds: float


@dataclass(frozen=True, slots=True)
class Running:
    """Measures. What it remembers in memory only makes it more patient after a restart."""

    rooms: Rooms
    quiet: Quiet = field(default_factory=Quiet)

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Seen | None:  # noqa: ARG002 - of the protocol
        """Return what is to be said now; None when it was said a moment ago."""
        limits, monotonic = self.rooms.limits, self.rooms.clock.monotonic()
        every = min(limits.evaluate_seconds, experiment.design.window_seconds / 3)
        if not self.quiet.due(experiment.id, monotonic, every):
            return None
        material = await gather(self.rooms, session, experiment)
        silence = self.quiet.hear(experiment.id, material.freshness, monotonic, noticed=limits.quiet_seconds)
        hosts = await self.rooms.fleet.many(session, experiment.host_ids)
        paused = self._ours(hosts, silence)
        outlook = Outlook(
            hosts={host.id: self._outlook(experiment, host, silence, paused=paused) for host in hosts},
            settling=self.quiet.settling(experiment.id, monotonic, limits.settling_seconds),
        )
        facts = CandidateFacts.of(await self.rooms.pipelines.get(session, experiment.design.candidate))
        judgement = await judge(self.rooms, experiment, material, facts, outlook)
        return Seen(judgement, paused, min(silence.values(), default=0.0))

    async def act(self, session: AsyncSession, experiment: Experiment, seen: Seen | None, now: datetime) -> Experiment:
        """Stop on a guardrail, go on to analysing, or take note of how far it is."""
        if seen is None:
            return experiment
        judgement = seen.judgement
        noted = replace(
            experiment,
            guardrails=tuple(guardrail.as_dict() for guardrail in judgement.guardrails),
            progress=judgement.progress,
            waiting=_PAUSED if seen.paused else "",
        )
        if noted.progress != experiment.progress:
            await events.emit(session, "experiment.progressed", experiment.id, noted.progress, now)
        stopping = tripped(judgement.guardrails)
        if stopping is not None:
            return await self._stopped(session, noted, stopping, judgement, now)
        unmatched = _unmatched(experiment, judgement)
        if unmatched:
            named = ", ".join(map(repr, unmatched))
            nothing = CriticalUnmatchedError(f"no process on the hosts matches {named}", patterns=unmatched)
            return await self._ended(session, noted, judgement, nothing, now)
        if judgement.fewest_pairs >= experiment.design.windows:
            return await self._measured(session, noted, f"{experiment.design.windows} windows are measured", now)
        if seen.paused and seen.silent_seconds >= self.rooms.limits.paused_seconds:
            return await self._away(session, noted, judgement, seen.silent_seconds, now)
        if not seen.paused and overdue(experiment, now):
            return await self._out_of_time(session, noted, judgement, now)
        return noted

    async def _stopped(
        self, session: AsyncSession, experiment: Experiment, guardrail: Guardrail, judgement: Judgement, now: datetime
    ) -> Experiment:
        kept = replace(experiment, result=comparison_document(experiment, judgement))
        return await stopped(self.rooms, session, kept, guardrail, now)

    async def _ended(
        self, session: AsyncSession, experiment: Experiment, judgement: Judgement, error: PhoenixError, now: datetime
    ) -> Experiment:
        """Send the hosts back, with what was measured so far, if anything was."""
        measured = bool(judgement.pairing.pairs)
        kept = replace(experiment, result=comparison_document(experiment, judgement)) if measured else experiment
        return await turn_back(self.rooms, session, kept, Phase.FAILED, now=now, reason=error.message, cause=error)

    async def _away(
        self, session: AsyncSession, experiment: Experiment, judgement: Judgement, seconds: float, now: datetime
    ) -> Experiment:
        error = TelemetryAwayError(f"nothing has come from any host for {seconds:.0f} s", seconds=round(seconds))
        return await self._ended(session, experiment, judgement, error, now)

    async def _out_of_time(
        self, session: AsyncSession, experiment: Experiment, judgement: Judgement, now: datetime
    ) -> Experiment:
        if judgement.fewest_pairs:
            return await self._measured(session, experiment, "the time to measure is over", now)
        without = sorted({it.reason for it in judgement.pairing.no_data})
        error = NoWindowsError(
            "the time to measure ended without a window that both arms of every host completed", reasons=without[:5]
        )
        return await turn_back(
            self.rooms, session, experiment, Phase.FAILED, now=now, reason=error.message, cause=error
        )

    async def _measured(self, session: AsyncSession, experiment: Experiment, reason: str, now: datetime) -> Experiment:
        moved = experiment.moved_to(Phase.ANALYZING, now)
        return await self.rooms.journal.move(session, experiment, moved, now=now, reason=reason)

    def _ours(self, hosts: Sequence[Host], silence: Mapping[HostId, float]) -> bool:
        """Return whether silence must be blamed on us: nothing comes from any host, and a host is connected and well.

        When there are several hosts and all fall silent at once, connected or not, it is us too. It is not while other
        hosts get through.
        """
        quiet = self.rooms.limits.quiet_seconds
        silent = [silence.get(host.id, 0.0) > quiet for host in hosts]
        if not silent or not all(silent) or any(host.healthy is False for host in hosts):
            return False
        taken_at = self.rooms.metering.taken_at()
        if taken_at is not None and self.rooms.clock.monotonic() - taken_at <= quiet:
            return False
        return len(hosts) > 1 or hosts[0].state is HostState.CONNECTED

    def _outlook(
        self, experiment: Experiment, host: Host, silence: Mapping[HostId, float], *, paused: bool
    ) -> HostOutlook:
        limits, silent = self.rooms.limits, silence.get(host.id, 0.0)
        unwell = self.quiet.unhealthy(
            experiment.id, host.id, self.rooms.clock.monotonic(), healthy=host.healthy is not False
        )
        failure = failure_of(experiment, host)
        if not failure and unwell >= limits.unhealthy_seconds:
            failure = f"it has been unhealthy for {unwell:.0f} s: {host.health_text}"
        away = not paused and silent > limits.quiet_seconds
        return HostOutlook(failure, silent / experiment.design.window_seconds if away else 0.0)


def _unmatched(experiment: Experiment, judgement: Judgement) -> list[str]:
    """Return the critical patterns that may not match nothing and do, once every host has a window."""
    if experiment.design.allow_unmatched or not judgement.fewest_pairs:
        return []
    seen = {text for pair in judgement.pairing.pairs for text in pair.baseline.critical}
    return [text for text in experiment.design.critical if text not in seen]
