"""What several guardrails read from the collector's own metrics."""

from collections.abc import Sequence
from typing import Final

from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, HostWatch, Situation
from phoenix.decide.arms.readings import runs

_NOTHING_TAKEN: Final = ReceiverCounts()
_NOTHING_SENT: Final = ExporterCounts()


def by_host(situation: Situation) -> list[HostWatch]:
    """Return the hosts in an order that does not depend on how they came."""
    return sorted(situation.hosts, key=lambda watch: watch.host)


def fine(situation: Situation, name: str, reason: str) -> Guardrail:
    """Return ok, or no data while a host's collector has not reported."""
    silent = [watch.host for watch in by_host(situation) if not watch.during]
    if silent or not situation.hosts:
        about = "The collector's own metrics have not arrived yet."
        return Guardrail(name, GuardrailState.NO_DATA, about, silent[0] if silent else None)
    return Guardrail(name, GuardrailState.OK, reason)


def latest_start(readings: Sequence[OwnReading]) -> tuple[OwnReading, ...]:
    """Return the reports of the latest start of the service, by time."""
    found = runs(readings)
    return found[-1].readings if found else ()


def receiver_counts(reading: OwnReading, name: str) -> ReceiverCounts:
    """Return the counts of a receiver; nothing when it has not been heard of."""
    return reading.receivers.get(name, _NOTHING_TAKEN)


def exporter_counts(reading: OwnReading, name: str) -> ExporterCounts:
    """Return the counts of an exporter; nothing when it has not been heard of."""
    return reading.exporters.get(name, _NOTHING_SENT)
