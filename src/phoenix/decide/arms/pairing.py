"""Which windows of two arms can be compared: complete in both, or proved to be empty in the candidate.

Nothing that was lost is counted as zero: a window pairs only when the collector's own metrics, from before it began to
after it ended, say that everything the arms let out reached the meter. Called by control/experiments.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from phoenix.collector.compose.model import Arm
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts
from phoenix.core.units import NANOSECONDS
from phoenix.decide.arms.model import (
    HostStreams,
    NoData,
    NoDataKind,
    PairedWindow,
    Pairing,
    PairingPlan,
    empty_window,
)
from phoenix.decide.arms.readings import Run, Span, runs, spanning
from phoenix.telemetry.window.model import WindowMeasure

# A longer hole is no time that passed: the host's clock was set, by a year for two million windows.
_HOLE: Final = 100
_NOTHING_SENT: Final = ExporterCounts()
_NOTHING_SEEN: Final = ProcessorCounts()


def pair_windows(hosts: Iterable[HostStreams], plan: PairingPlan) -> Pairing:
    """Return every window of every host as a pair, as no data with the reason, or as one that is still waited for.

    The order of hosts, windows and reports does not matter.
    """
    pairs, no_data, waiting = [], [], 0
    for streams in hosts:
        for outcome in _outcomes(streams, plan):
            match outcome:
                case PairedWindow():
                    pairs.append(outcome)
                case NoData():
                    no_data.append(outcome)
                case None:
                    waiting += 1
    return Pairing(
        tuple(sorted(pairs, key=lambda it: (it.start, it.host))),
        tuple(sorted(no_data, key=lambda it: (it.start, it.host))),
        waiting,
    )


def _outcomes(streams: HostStreams, plan: PairingPlan) -> Iterator[PairedWindow | NoData | None]:
    width = round(plan.seconds * NANOSECONDS)
    watermark = streams.watermarks.get(Arm.BASELINE)
    known = runs(streams.readings)
    for start in _starts(streams, width):
        if watermark is None or start + width > watermark:
            yield from _ahead(streams, start)
        else:
            overdue = start + width + round(plan.grace_seconds * NANOSECONDS) <= watermark
            yield _judge(_Slot(streams, plan, known, start, start + width, overdue=overdue))


def _starts(streams: HostStreams, width: int) -> Iterator[int]:
    """Yield the starts of the windows that came, and of those between them that did not."""
    came = sorted({start for windows in streams.windows.values() for start in windows})
    for number, start in enumerate(came):
        yield start
        following = came[number + 1] if number + 1 < len(came) else start
        if following - start <= _HOLE * width:
            yield from range(start + width, following, width)


def _ahead(streams: HostStreams, start: int) -> Iterator[NoData | None]:
    """Yield what is known of a window that the stream has not come to the end of.

    One that was closed all the same is of a time that the host's clock was set to, and is never gone on with.
    """
    found = [windows[start] for windows in streams.windows.values() if start in windows]
    came = [window for window in found if window.requests]
    closed = [window.gap for window in came if window.gap]
    if closed:
        yield NoData(streams.host, start, NoDataKind.GAP, f"The window is not complete: {closed[0]}.")
    elif came:
        yield None


class _Slot:
    """One window of one host with all that is known of it."""

    def __init__(
        self, streams: HostStreams, plan: PairingPlan, known: tuple[Run, ...], start: int, end: int, *, overdue: bool
    ) -> None:
        self.streams = streams
        self.plan = plan
        self.runs = known
        self.start = start
        self.end = end
        self.overdue = overdue
        self.baseline = streams.windows.get(Arm.BASELINE, {}).get(start)
        self.candidate = streams.windows.get(Arm.CANDIDATE, {}).get(start)

    def no_data(self, kind: NoDataKind, reason: str) -> NoData:
        return NoData(self.streams.host, self.start, kind, reason)

    def late(self, kind: NoDataKind, reason: str) -> NoData | None:
        """Return no data if the time to wait is over."""
        return self.no_data(kind, reason) if self.overdue else None

    def run(self) -> Run | None:
        """Return the run of the collector that the whole window belongs to, as far as it is known."""
        begun = [run for run in self.runs if run.started <= self.start]
        return begun[-1] if begun else None


def _judge(slot: _Slot) -> PairedWindow | NoData | None:
    started = _started(slot)
    if started is not None:
        return started
    run = slot.run()
    if run is None:
        return slot.late(NoDataKind.UNWATCHED, "The collector's own metrics did not arrive, so loss can't be excluded.")
    span = spanning(run, slot.start, slot.end, lambda reading: not _under_way(slot.plan, reading))
    if span is None:
        return _unsettled(slot, run)
    return _lost(slot, span) or _paired(slot, span)


def _started(slot: _Slot) -> NoData | None:
    """Return no data when the collector started in the window, or so shortly before that its processors warm up."""
    width = slot.end - slot.start
    for run in slot.runs:
        first = run.started // width * width
        if first <= slot.start < first + slot.plan.warm_up * width:
            return slot.no_data(NoDataKind.WARM_UP, "The collector's processors had just started.")
        if slot.start < run.started < slot.end:
            return slot.no_data(NoDataKind.RESTARTED, "The collector started anew inside the window.")
    if slot.runs and slot.end <= slot.runs[0].started:
        return slot.no_data(NoDataKind.WARM_UP, "The collector did not run the experiment's config yet.")
    return None


def _unsettled(slot: _Slot, run: Run) -> NoData | None:
    if run.readings[-1].time >= slot.end:
        return slot.late(NoDataKind.LOST, "What the collector queued for the meter was never sent.")
    if run is not slot.runs[-1]:
        return slot.no_data(NoDataKind.RESTARTED, "The collector ended before it said that nothing was lost.")
    return slot.late(NoDataKind.UNWATCHED, "The collector's own metrics stopped, so loss can't be excluded.")


def _paired(slot: _Slot, span: Span) -> PairedWindow | NoData | None:
    baseline, candidate = slot.baseline, slot.candidate
    if baseline is None:
        return slot.late(NoDataKind.MISSING, "Nothing of the baseline arm arrived.")
    if baseline.gap:
        return slot.no_data(NoDataKind.GAP, f"The baseline arm's window is not complete: {baseline.gap}.")
    if candidate is None or not candidate.requests:
        # A hole that the meter names is a window that did not come.
        return _without_candidate(slot, baseline, span)
    if candidate.gap:
        return slot.no_data(NoDataKind.GAP, f"The candidate arm's window is not complete: {candidate.gap}.")
    watermark = slot.streams.watermarks.get(Arm.CANDIDATE)
    if (watermark is not None and watermark >= slot.end) or _idle_after(slot):
        evidence = "Both arms arrived, and nothing was failed, dropped or queued on the way."
        return PairedWindow(slot.streams.host, slot.start, baseline, candidate, evidence)
    return slot.late(NoDataKind.BEHIND, "The candidate arm never came to the end of this window.")


def _without_candidate(slot: _Slot, baseline: WindowMeasure, span: Span) -> PairedWindow | NoData | None:
    if _let_nothing_out(slot.plan, span):
        evidence = "The candidate's processors took points in and let none out; none was failed, dropped or queued."
        empty = empty_window(slot.start, slot.plan.seconds)
        return PairedWindow(slot.streams.host, slot.start, baseline, empty, evidence)
    return slot.late(NoDataKind.MISSING, "Nothing of the candidate arm arrived, and nothing proves that it is empty.")


def _idle_after(slot: _Slot) -> bool:
    """Return whether the candidate let nothing out from the end of the window on: what came of it is all of it."""
    run = slot.run()
    after = [reading for reading in run.readings if reading.time >= slot.end] if run else []
    return len(after) > 1 and _let_nothing_out(slot.plan, Span(after[0], after[-1]))


def _let_nothing_out(plan: PairingPlan, span: Span) -> bool:
    """Return whether the candidate's processors took points in, let none out, and its exporter was given none."""
    watched = [_processor_rises(span, name) for name in plan.processors]
    blocking = any(taken > 0 and out == 0 for taken, out in watched)
    return blocking and _exporter_rise(span, plan.exporters[Arm.CANDIDATE], lambda counts: counts.sent) == 0


def _under_way(plan: PairingPlan, reading: OwnReading) -> bool:
    """Return whether something waits in a queue of the meter's, or at the boundary of the candidate's arm."""
    queues = (_exporter(reading, exporter).queue_size for exporter in plan.exporters.values())
    return plan.boundary.waiting(reading) > 0 or any(queues)


def _lost(slot: _Slot, span: Span) -> NoData | None:
    """Return no data when an arm failed to hand something to the meter, or when nobody can say whether it did."""
    for arm, window in ((Arm.BASELINE, slot.baseline), (Arm.CANDIDATE, slot.candidate)):
        exporter = slot.plan.exporters[arm]
        if window is not None and exporter not in span.last.exporters:
            return slot.no_data(NoDataKind.UNWATCHED, f"The collector's own metrics do not speak of {exporter}.")
        failed = _exporter_rise(span, exporter, lambda counts: counts.send_failed)
        unqueued = _exporter_rise(span, exporter, lambda counts: counts.enqueue_failed)
        if failed or unqueued:
            what = f"{failed:,.0f} points could not be sent and {unqueued:,.0f} not queued"
            return slot.no_data(NoDataKind.LOST, f"The {arm} arm lost points on the way to the meter: {what}.")
    return None


def _processor_rises(span: Span, name: str) -> tuple[float, float]:
    def counts(reading: OwnReading) -> ProcessorCounts:
        return reading.processors.get(name, _NOTHING_SEEN)

    return span.rise(lambda it: counts(it).incoming), span.rise(lambda it: counts(it).outgoing)


def _exporter_rise(span: Span, name: str, count: Callable[[ExporterCounts], float]) -> float:
    return span.rise(lambda reading: count(_exporter(reading, name)))


def _exporter(reading: OwnReading, name: str) -> ExporterCounts:
    return reading.exporters.get(name, _NOTHING_SENT)
