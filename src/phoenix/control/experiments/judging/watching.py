"""Gathers what is known of an experiment now and has it judged: windows paired, arms compared, guardrails asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import METERS
from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.experiments.judging.candidate import CandidateFacts
from phoenix.control.experiments.model import Experiment
from phoenix.control.experiments.rooms import Rooms
from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.decide.arms.comparison import Comparison, compare_arms
from phoenix.decide.arms.guardrails.model import Guardrail, HostWatch, Situation
from phoenix.decide.arms.guardrails.table import guardrails
from phoenix.decide.arms.model import Boundary, HostStreams, Pairing, PairingPlan
from phoenix.decide.arms.pairing import pair_windows
from phoenix.decide.arms.readings import Span, runs, steps
from phoenix.decide.arms.use import CollectorUse, collector_use, processor_seconds
from phoenix.telemetry.window.model import WindowMeasure

_OWN_REPORTS_WAITED_FOR: Final = 3
_FAR_WINDOWS: Final = 20


@dataclass(frozen=True, slots=True)
class HostOutlook:
    """What the reconcile loop knows of a host besides its telemetry: see `HostWatch`."""

    failure: str = ""
    quiet_windows: float = 0.0


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that came from the hosts of an experiment.

    Attributes:
        streams: windows, watermarks and reports of each host.
        before: each host's reports before the experiment.
    """

    streams: Sequence[HostStreams]
    before: Mapping[HostId, Sequence[OwnReading]]

    @property
    def freshness(self) -> Mapping[HostId, tuple[int, ...]]:
        """What changes when anything comes from a host, even when its clock is set back: its reports, its points."""
        return {
            host.host: (len(host.readings), *(mark or 0 for mark in host.watermarks.values())) for host in self.streams
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of an experiment now."""

    pairing: Pairing
    comparison: Comparison
    guardrails: tuple[Guardrail, ...]
    processor_seconds: Mapping[Arm, float | None]
    before: Mapping[HostId, CollectorUse | None]
    during: Mapping[HostId, CollectorUse | None]

    @property
    def fewest_pairs(self) -> int:
        """How many windows the host with the fewest has."""
        counts = dict.fromkeys(self.during, 0)
        for pair in self.pairing.pairs:
            counts[pair.host] += 1
        return min(counts.values(), default=0)

    @property
    def progress(self) -> dict[str, int]:
        """Windows by what became of them."""
        return {
            "paired": len(self.pairing.pairs),
            "fewest": self.fewest_pairs,
            "no_data": len(self.pairing.no_data),
            "waiting": self.pairing.waiting,
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the reconcile loop knows besides telemetry."""

    hosts: Mapping[HostId, HostOutlook] = field(default_factory=dict)
    settling: bool = False


async def gather(rooms: Rooms, session: AsyncSession, experiment: Experiment) -> Material:
    """Return what came from the hosts of an experiment in its present attempt."""
    since = {participant.host: participant.since for participant in experiment.hosts}
    windows = await rooms.metering.windows(session, experiment.id, min(since.values(), default=0))
    by_host: dict[HostId, dict[Arm, dict[int, WindowMeasure]]] = {host: {arm: {} for arm in Arm} for host in since}
    for (host, arm, start), window in windows.items():
        if host in since and start >= since[host]:
            by_host[host][Arm(arm)][start] = window
    streams = []
    for host, arms in by_host.items():
        readings = await rooms.metering.own_readings(session, host, _reports_since(experiment))
        during = [reading for reading in readings if reading.revision == experiment.revision]
        marks = {arm: rooms.metering.watermark(experiment.id, host, arm) for arm in Arm}
        streams.append(HostStreams(host, arms, {arm: _mark(marks[arm], arms[arm], experiment) for arm in Arm}, during))
    return Material(streams, {host: experiment.before.get(host, ()) for host in since})


async def judge(
    rooms: Rooms, experiment: Experiment, material: Material, facts: CandidateFacts, outlook: Outlook
) -> Judgement:
    """Return what is to be said, worked out off the event loop."""
    return await asyncio.to_thread(_judge, rooms, experiment, material, facts, outlook)


async def judge_now(rooms: Rooms, session: AsyncSession, experiment: Experiment) -> Judgement:
    """Return what is to be said of an experiment by what is stored, when nothing else is known of its hosts."""
    material = await gather(rooms, session, experiment)
    facts = CandidateFacts.of(await rooms.pipelines.get(session, experiment.design.candidate))
    return await judge(rooms, experiment, material, facts, Outlook())


def _judge(
    rooms: Rooms, experiment: Experiment, material: Material, facts: CandidateFacts, outlook: Outlook
) -> Judgement:
    pairing = pair_windows(material.streams, pairing_plan(rooms, experiment))
    comparison = compare_arms(pairing.pairs, declared=facts.declared, values_stay=facts.values_stay)
    situation = Situation(
        pairing=pairing,
        loss=comparison.loss,
        hosts=[_watch(experiment, material, host, outlook) for host in material.streams],
        points_per_scrape=_points_per_scrape(experiment, material),
        settling=outlook.settling,
        bounds=rooms.limits.bounds,
    )
    return Judgement(
        pairing=pairing,
        comparison=comparison,
        guardrails=guardrails(situation),
        processor_seconds=_processor_seconds(experiment, material),
        before={host: collector_use(readings) for host, readings in material.before.items()},
        during={host.host: collector_use(host.readings) for host in material.streams},
    )


def pairing_plan(rooms: Rooms, experiment: Experiment) -> PairingPlan:
    """Return how the windows of an experiment pair."""
    design, paired = experiment.design, experiment.paired
    return PairingPlan(
        seconds=design.window_seconds,
        warm_up=design.warm_up,
        exporters=METERS,
        processors=paired.processors[Arm.CANDIDATE] if paired else (),
        boundary=paired.boundary if paired else Boundary(),
        grace_seconds=2 * design.window_seconds + _OWN_REPORTS_WAITED_FOR * rooms.endpoint.own_interval_seconds,
    )


def _reports_since(experiment: Experiment) -> int:
    """Return from when on reports of the experiment's config can be, by the clock of any host that is a day off."""
    begun = (experiment.started_at or experiment.created_at) - timedelta(days=1)
    return round(begun.timestamp() * NANOSECONDS)


def _mark(live: int | None, windows: Mapping[int, WindowMeasure], experiment: Experiment) -> int | None:
    """Return up to where a stream is complete: as the meter says, or to the end of its last window in the database.

    A meter that has just started knows no stream yet, and windows are stored when they are closed. What is stored of a
    time that the host's clock was set to for a while, far ahead, says nothing of where the stream is.
    """
    width = round(experiment.design.window_seconds * NANOSECONDS)
    # The meter names holes too.
    ends = [start + width for start, window in windows.items() if window.requests]
    if live is None:
        return max(ends, default=None)
    return max([live, *(end for end in ends if end <= live + _FAR_WINDOWS * width)])


def _watch(experiment: Experiment, material: Material, streams: HostStreams, outlook: Outlook) -> HostWatch:
    known = outlook.hosts.get(streams.host, HostOutlook())
    paired = experiment.paired
    return HostWatch(
        host=streams.host,
        before=material.before[streams.host],
        during=streams.readings,
        receivers=paired.receivers if paired else (),
        exporters=paired.exporters if paired else (),
        boundary=paired.boundary if paired else Boundary(),
        candidate=paired.processors[Arm.CANDIDATE] if paired else (),
        failure=known.failure,
        quiet_windows=known.quiet_windows,
    )


def _points_per_scrape(experiment: Experiment, material: Material) -> dict[HostId, float]:
    """Return what comes to the boundary of each host in a scrape: all that came, over the scrapes since the start.

    Before the first window, which never comes where production is held up, it is the least that came between two
    reports: a scrape, or a few.
    """
    found: dict[HostId, float] = {}
    for host in material.streams:
        known = runs(host.readings)
        if experiment.paired is None or not known:
            continue
        boundary, run = experiment.paired.boundary, known[-1]
        latest = max(host.windows[Arm.BASELINE].values(), key=lambda window: window.start, default=None)
        if latest is not None and latest.scrapes:
            last = run.readings[-1]
            scrapes = last.uptime_seconds * latest.scrapes / latest.seconds
            if scrapes >= 1:
                found[host.host] = boundary.accepted(last) / scrapes
        else:
            rises = [span.rise(boundary.accepted) for span in (Span(None, run.readings[0]), *steps(run))]
            found[host.host] = min((rise for rise in rises if rise > 0), default=0.0)
    return found


def _processor_seconds(experiment: Experiment, material: Material) -> dict[Arm, float | None]:
    """Return the seconds that each arm's own processors worked on all hosts; None when nobody counted them."""
    found: dict[Arm, float | None] = {}
    for arm in Arm:
        names = experiment.paired.processors[arm] if experiment.paired else ()
        counted = any(
            name in reading.processors for host in material.streams for reading in host.readings for name in names
        )
        spent = sum(processor_seconds(host.readings, names) for host in material.streams)
        found[arm] = spent if counted or not names else None
    return found


def uses_as_dict(uses: Mapping[HostId, CollectorUse | None]) -> dict[str, Any] | None:
    """Return the JSON form of what collectors used: the mean over hosts, and each; None when nobody was watched."""
    known = {host: use for host, use in uses.items() if use is not None}
    if not known:
        return None
    return {
        "cpu_percent": round(sum(use.cpu_percent for use in known.values()) / len(known), 3),
        "memory_bytes": sum(use.memory_bytes for use in known.values()) // len(known),
        "memory_bytes_most": max(use.memory_bytes_most for use in known.values()),
        "hosts": {host: use.as_dict() for host, use in sorted(known.items())},
    }
