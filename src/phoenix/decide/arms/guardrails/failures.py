"""Guardrails that look at failures and queues of receivers and production exporters.

The meter's own exporters are left out: that our ingest is down pauses an experiment and never ends it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.decide.arms.guardrails.counts import by_host, exporter_counts, fine, latest_start, receiver_counts
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, HostWatch, Situation
from phoenix.decide.arms.readings import runs


@dataclass(frozen=True, slots=True)
class _Counter:
    """A counter that should stay: whose it is, what it counts, and its value in a report."""

    owner: str
    what: str
    value: Callable[[OwnReading], int]


@dataclass(frozen=True, slots=True)
class _Rate:
    """How far a counter came since the starts it was seen of, and in what time."""

    count: int
    seconds: float

    @property
    def a_second(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0


def failures(situation: Situation) -> Guardrail:
    """Trip when a receiver refuses or fails, or a production exporter fails, more often than before the experiment."""
    name = "failures"
    for watch in by_host(situation):
        for counter in _counters(watch):
            during, before = _rate(watch.during, counter), _rate(watch.before, counter)
            if during.a_second > situation.bounds.rate_factor * before.a_second:
                reason = (
                    f"{counter.owner} {counter.what} {during.count:,} points on host {watch.host}: "
                    f"{during.a_second:,.3g} a second, and {before.a_second:,.3g} before the experiment."
                )
                return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return fine(situation, name, "Receivers and production exporters fail no more often than before.")


def queues(situation: Situation) -> Guardrail:
    """Trip when the queue of a production exporter stays fuller than it may be, and than it was before."""
    name = "queues"
    for watch in by_host(situation):
        for exporter in watch.exporters:
            latest = [exporter_counts(reading, exporter) for reading in latest_start(watch.during)[-2:]]
            before = max((exporter_counts(reading, exporter).queue_size for reading in watch.before), default=0)
            share = situation.bounds.queue_share
            if len(latest) == 2 and all(it.queue_size > max(share * it.queue_capacity, before) for it in latest):
                reason = (
                    f"The queue of {exporter} on host {watch.host} holds {latest[-1].queue_size:,} of "
                    f"{latest[-1].queue_capacity:,} requests; before the experiment it held at most {before:,}."
                )
                return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return fine(situation, name, "The queues of the production exporters are not filling.")


def _counters(watch: HostWatch) -> Iterator[_Counter]:
    for receiver in watch.receivers:
        yield from _of_receiver(receiver)
    for exporter in watch.exporters:
        yield from _of_exporter(exporter)


def _of_receiver(name: str) -> Iterator[_Counter]:
    yield _Counter(name, "refused", lambda reading: receiver_counts(reading, name).refused)
    yield _Counter(name, "failed to make", lambda reading: receiver_counts(reading, name).failed)


def _of_exporter(name: str) -> Iterator[_Counter]:
    yield _Counter(name, "failed to send", lambda reading: exporter_counts(reading, name).send_failed)
    yield _Counter(name, "could not queue", lambda reading: exporter_counts(reading, name).enqueue_failed)


def _rate(readings: Sequence[OwnReading], counter: _Counter) -> _Rate:
    """Return the counter over the whole of each start of the service: it begins at zero, so its last value says all."""
    ends = [run.readings[-1] for run in runs(readings)]
    return _Rate(sum(counter.value(end) for end in ends), sum(end.uptime_seconds for end in ends))
