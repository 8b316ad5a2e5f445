"""Guardrails that look at the collector's process and at the boundary in front of the candidate arm."""

from typing import Final

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.decide.arms.guardrails.counts import by_host, fine, latest_start
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, HostWatch, Situation
from phoenix.decide.arms.readings import Run, Span, runs, steps

# So many reports make a trend.
_TREND: Final = 4


def boundary(situation: Situation) -> Guardrail:
    """Trip when the candidate arm is slower than its receivers.

    The boundary in front of it holds as many requests as the machine has cores and then blocks production, so it never
    falls further behind than that: what counts is that it stays behind, or that its processors work all the time.
    """
    name = "candidate_behind"
    for watch in by_host(situation):
        latest = latest_start(watch.during)[-_TREND:]
        if len(latest) < _TREND:
            continue
        scrape = situation.points_per_scrape.get(watch.host, 0.0)
        waiting = min(watch.boundary.waiting(reading) for reading in latest)
        if scrape and waiting > situation.bounds.scrapes_behind * scrape:
            reason = (
                f"The candidate arm on host {watch.host} stays {waiting / scrape:,.1f} scrapes behind its receivers "
                "and is about to hold them up: it is too slow for them."
            )
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
        busy = min(_busy(watch, step) for step in steps(Run(latest)))
        if busy > situation.bounds.busy_share:
            reason = (
                f"The candidate's processors on host {watch.host} work {busy:.0%} of the time: they are about to be "
                "too slow for their receivers."
            )
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return fine(situation, name, "The candidate arm keeps up with its receivers.")


def memory(situation: Situation) -> Guardrail:
    """Trip when the collector's memory is above its bound and still grows."""
    name = "memory"
    bounds = situation.bounds
    for watch in by_host(situation):
        used = [reading.memory_bytes for reading in latest_start(watch.during)]
        if len(used) < _TREND:
            continue
        before = max((reading.memory_bytes for reading in watch.before), default=used[0])
        bound = bounds.memory_factor * before + bounds.memory_bytes
        if used[-1] > bound and used[-1] == max(used) and used[-1] > used[-_TREND]:
            reason = (
                f"The collector on host {watch.host} holds {_megabytes(used[-1])} and grows; it held "
                f"{_megabytes(before)} before, and {_megabytes(bound)} are allowed."
            )
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return fine(situation, name, "The collector's memory is within its bound, or does not grow.")


def collector(situation: Situation) -> Guardrail:
    """Trip when a collector fails with the experiment's config, or starts anew again and again."""
    name = "collector"
    for watch in by_host(situation):
        if watch.failure:
            reason = f"The collector on host {watch.host} fails: {watch.failure}"
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
        starts = len(runs(watch.during)) - 1
        if starts > situation.bounds.starts:
            reason = f"The collector on host {watch.host} started anew {starts} times."
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return fine(situation, name, "The collectors run.")


def _busy(watch: HostWatch, step: Span) -> float:
    """Return the share of the time between two reports in which the candidate's processors worked."""

    def worked(reading: OwnReading) -> float:
        return sum(reading.processors[name].seconds for name in watch.candidate if name in reading.processors)

    return step.rise(worked) / step.seconds if step.seconds > 0 else 0.0


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"
